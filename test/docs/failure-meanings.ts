// What each failure's name means, in the words of the protocol's page. A name without a row does not compile.
import type { FailureCode } from "../../daemon/base/failure.ts";

export const failureMeanings: Readonly<Record<FailureCode, string>> = {
  "model.missing": "there is no model under this name or path",
  "model.ambiguous": "several models have this name",
  "model.incomplete": "a file of the model is missing, unreadable or not what it should be",
  "model.unsupported": "the model or its files are of a kind that is not run here",
  "model.config": "a config file is wrong, or the model's parts do not belong together",
  "model.changed": "a file of the model was written while a run used it",
  "weights.pickle": "the weights are a pickle, which is never opened",
  "weights.header": "a safetensors file's header is damaged",
  "weights.tensor": "a tensor is missing, or has another shape or type than its network needs",
  "weights.lora":
    "a LoRA is missing, does not fit the model, or has changed since it was planned with",
  "memory.short": "the run needs more memory than there is",
  "provider.unavailable": "the provider that was asked for gives no right numbers here",
  "recipe.invalid": "a recipe or a plan is wrong",
  "output.failed": "something cannot be written",
  "picture.broken": "the picture came out as NaN, infinities or one flat colour",
  "picture.input":
    "a picture that the recipe starts from cannot be used, or has changed since it was planned with",
  "engine.crashed": "the process that paints ended without an answer",
  "engine.version": "the process that paints is of another version",
  "run.cancelled": "the run was stopped as asked",
  "run.missing": "no run has this number",
  "queue.refused": "the run's state does not allow this",
  "daemon.unreachable": "the daemon does not answer; clients say this, the daemon never does",
  "daemon.silent": "the daemon is there and does not answer; clients say this too",
  "daemon.version": "the client speaks another version of this protocol",
  "command.invalid": "a command line or an environment variable is wrong",
  "settings.invalid": "the user's settings file is wrong",
  "program.defect": "a mistake of the program itself; the daemon's log has the details",
};
