// The catalogue of failures a user can meet. One class, one small named function for each failure;
// every message reads "who: rule, got what; what to do". Nothing else in the project throws to a user.

import { showMemory } from "./show-memory.ts";

/** Stable names of failures; they travel over IPC and decide exit codes. */
export const failureCodes = [
  "model.missing",
  "model.ambiguous",
  "model.incomplete",
  "model.unsupported",
  "model.config",
  "model.changed",
  "weights.pickle",
  "weights.header",
  "weights.tensor",
  "weights.lora",
  "memory.short",
  "provider.unavailable",
  "recipe.invalid",
  "output.failed",
  "picture.broken",
  "picture.input",
  "engine.crashed",
  "engine.version",
  "run.cancelled",
  "run.missing",
  "queue.refused",
  "daemon.unreachable",
  "daemon.silent",
  "daemon.version",
  "command.invalid",
  "settings.invalid",
  "program.defect",
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** An expected failure: its message is meant for people, so callers print it without a stack. */
export class Failure extends Error {
  readonly code: FailureCode;
  /** What a report of it needs and a sentence has no room for, such as a stack; "" for most. */
  readonly details: string;

  constructor(code: FailureCode, message: string, details = "") {
    super(message);
    this.name = "Failure";
    this.code = code;
    this.details = details;
  }
}

/** A failure's sentence up to its advice, for who is told of it where the advice would not help. */
export function withoutAdvice(message: string): string {
  const end = message.lastIndexOf("; ");
  return end < 0 ? message : message.slice(0, end);
}

/** No model under this name or path. `nearest` is the name that comes closest, `known` are names that would work. */
export function noSuchModel(
  name: string,
  nearest: string | undefined,
  known: readonly string[],
): Failure {
  const advice =
    nearest === undefined
      ? `use ${known.join(" or ")}, a folder that holds model_index.json, or a name that \`frecas models\` lists`
      : `write ${nearest}, which comes closest, or choose one that \`frecas models\` lists`;
  return new Failure(
    "model.missing",
    `model: must be a built-in name, a folder in diffusers format, a .safetensors file or an id in the Hugging Face cache, got "${name}"; ${advice}`,
  );
}

/** Several models have the name that a recipe calls its model by. */
export function ambiguousModel(name: string, paths: readonly string[]): Failure {
  return new Failure(
    "model.ambiguous",
    `model: must mean one model, got "${name}", which is ${paths.join(" and ")}; write more of the path, or all of it`,
  );
}

/** A model folder lacks a file it needs. */
export function incompleteModel(folder: string, file: string): Failure {
  return new Failure(
    "model.incomplete",
    `model ${folder}: must hold ${file}, which is not there; download the model again or copy the missing file`,
  );
}

/** A model's file is there and cannot be read; `why` is the system's reason. */
export function unreadableModel(file: string, why: string): Failure {
  return new Failure(
    "model.incomplete",
    `model file ${file}: must be a file that this user can read, got "${why}"; check its permissions or choose another copy`,
  );
}

/** Git LFS left its pointer where a model's file should be. */
export function lfsPointer(file: string): Failure {
  return new Failure(
    "model.incomplete",
    `model file ${file}: must hold its own contents, got a pointer of Git LFS in their place; run \`git lfs pull\` in the model's folder, or download the file itself`,
  );
}

/** What a site answered with is there under the name of a model's file; `got` says what that is. */
export function failedDownload(file: string, got: string): Failure {
  return new Failure(
    "model.incomplete",
    `model file ${file}: must hold its own contents, got ${got}, as a failed download leaves it; download it again, logged in where the site asks for that`,
  );
}

/** The model is of a kind this program does not run. */
export function unsupportedModel(file: string, what: string, supported: string): Failure {
  return new Failure(
    "model.unsupported",
    `model ${file}: must be ${supported}, got ${what}; choose another model`,
  );
}

/** The runtime refuses a network whose files all looked right; `why` is its reason. */
export function networkRefused(folder: string, part: string, why: string): Failure {
  return new Failure(
    "model.unsupported",
    `model ${folder}: its ${part} must be a network that the runtime can run, got "${why}"; check that its config.json belongs to its weights, or choose another model`,
  );
}

/** A config file cannot be read as what it should be. */
export function badConfig(file: string, rule: string, got: string): Failure {
  return new Failure(
    "model.config",
    `model config ${file}: ${rule}, got ${got}; download the file again`,
  );
}

/** Parts of different models lie in one; `rule` says what of `file` should be as another part has it. */
export function mixedModel(file: string, rule: string, got: string): Failure {
  return new Failure(
    "model.config",
    `model ${file}: ${rule}, got ${got}; use the files of one model`,
  );
}

/** Weights in a format of other programs. */
export function otherFormat(file: string, what: string): Failure {
  return new Failure(
    "model.unsupported",
    `weights ${file}: must be a .safetensors file, got ${what}; download the model's .safetensors files instead`,
  );
}

/** A pickle file where safetensors are needed. */
export function pickleRefused(file: string): Failure {
  return new Failure(
    "weights.pickle",
    `weights ${file}: must be a .safetensors file, got a pickle, which can run any program it likes when opened; download the model's .safetensors files instead`,
  );
}

/** A safetensors header breaks a rule of the format. */
export function badWeightsHeader(file: string, rule: string, got: string): Failure {
  return new Failure(
    "weights.header",
    `weights ${file}: ${rule}, got ${got}; the file is damaged or half downloaded, download it again`,
  );
}

/** A tensor is absent, or has another shape or type than the network needs. */
export function badTensor(file: string, tensor: string, rule: string, got: string): Failure {
  return new Failure(
    "weights.tensor",
    `weights ${file}: tensor ${tensor} ${rule}, got ${got}; the file does not fit its config.json, use the files of one model`,
  );
}

/** A checkpoint in one file has a tensor that its other tensors contradict; `tensor` is the file's own key. */
export function badCheckpointTensor(
  file: string,
  tensor: string,
  rule: string,
  got: string,
): Failure {
  return new Failure(
    "weights.tensor",
    `weights ${file}: tensor ${tensor} ${rule}, got ${got}; the file is damaged or made of parts of different models, choose another copy`,
  );
}

/** A tensor is of a type that no network here computes with; `without` is what a recipe writes to do without it. */
export function unreadableType(
  file: string,
  tensor: string,
  dtype: string,
  without: string | undefined,
): Failure {
  const other = without === undefined ? "" : `, or write ${without} in the recipe`;
  return new Failure(
    "weights.tensor",
    `weights ${file}: tensor ${tensor} must be F32, F16 or BF16, got ${dtype}; choose a copy of the model in F16${other}`,
  );
}

/** A checkpoint in one file lacks a whole network. */
export function partialCheckpoint(file: string, what: string, got: string): Failure {
  return new Failure(
    "model.incomplete",
    `model ${file}: must hold ${what}, got ${got}; choose a file that holds the whole model, or a folder in diffusers format`,
  );
}

/** No LoRA file under this path. */
export function noSuchLora(file: string): Failure {
  return new Failure(
    "weights.lora",
    `lora ${file}: must be a .safetensors file that is there, got none under this path; correct the path, which is relative to the recipe's folder`,
  );
}

/** A file is no LoRA, or none for the model. */
export function badLora(file: string, rule: string, got: string, todo: string): Failure {
  return new Failure("weights.lora", `lora ${file}: ${rule}, got ${got}; ${todo}`);
}

/** A LoRA file is not the one that was planned with. */
export function changedLora(file: string): Failure {
  return new Failure(
    "weights.lora",
    `lora ${file}: must be as it was when the run was planned, got a file that was written since; plan the recipe again`,
  );
}

/** A model's file is not the one that the run began with. */
export function changedWeights(file: string): Failure {
  return new Failure(
    "model.changed",
    `model file ${file}: must stay as it was until the run ends, got one that was written since it began; run the recipe again`,
  );
}

/** The plan needs more memory than there is. Sizes in bytes. */
export function notEnoughMemory(needed: number, available: number, advice: string): Failure {
  return new Failure(
    "memory.short",
    `memory: the run needs about ${showMemory(needed)}, got ${showMemory(available)} available; ${advice}`,
  );
}

/** An execution provider cannot be used. */
export function providerUnavailable(provider: string, why: string): Failure {
  return new Failure(
    "provider.unavailable",
    `provider ${provider}: must pass its self-test on this machine, got "${why}"; run \`frecas doctor\`, which chooses one that works`,
  );
}

/** A recipe cannot be turned into a plan or a run; `sentence` already says who, rule, got and what to do. */
export function invalidRecipe(sentence: string): Failure {
  return new Failure("recipe.invalid", sentence);
}

/** A result cannot be written. */
export function outputFailed(path: string, why: string): Failure {
  return new Failure(
    "output.failed",
    `output ${path}: must be a place that can be written, got ${why}; choose another output or make room`,
  );
}

/** A tensor holds NaN or infinities, or the picture is one flat colour. */
export function brokenPicture(where: string, what: string): Failure {
  return new Failure(
    "picture.broken",
    `picture: must be of finite numbers and more than one colour, got ${what} ${where}; download the weights again, or try precision: fp32 or lower guidance`,
  );
}

/** A picture given as input cannot be used. */
export function badInputPicture(path: string, rule: string, got: string): Failure {
  return new Failure("picture.input", `picture ${path}: ${rule}, got ${got}; use another picture`);
}

/** A plan's picture has other contents than when the plan was made. */
export function pictureChanged(path: string): Failure {
  return new Failure(
    "picture.input",
    `picture ${path}: must stay as it was when the run was planned, got other contents; run the recipe again`,
  );
}

/** The engine process ended without an answer; `lastWords` are what it wrote before. */
export function engineCrashed(how: string, advice: string, lastWords: string): Failure {
  return new Failure(
    "engine.crashed",
    `engine: must answer until the run ends, got ${how}; ${advice}`,
    lastWords,
  );
}

/** The engine is of another build than whoever started it. */
export function otherEngine(path: string, wanted: number, got: string): Failure {
  return new Failure(
    "engine.version",
    `engine ${path}: must speak protocol ${wanted}, got ${got}; let all parts of FreCaS be of one version, install it again`,
  );
}

/** The run was stopped on request; `kept` says what stays on disk. */
export function runCancelled(kept: string): Failure {
  return new Failure("run.cancelled", `run: stopped as asked; ${kept}`);
}

/** No run has this number. */
export function noSuchRun(id: number): Failure {
  return new Failure(
    "run.missing",
    `run: must be the number of a run in the queue, got ${id}; \`frecas ps\` lists them`,
  );
}

/** The queue cannot do this with a run in its present state. */
export function queueRefused(id: number, rule: string, state: string): Failure {
  return new Failure(
    "queue.refused",
    `run ${id}: ${rule}, got one that is ${state}; \`frecas ps\` shows its state`,
  );
}

/** The daemon does not answer. */
export function daemonUnreachable(why: string): Failure {
  return new Failure(
    "daemon.unreachable",
    `daemon: must answer on its socket, got ${why}; start it with \`frecas daemon start\`, or run without it by --no-daemon`,
  );
}

/** Whoever listens on the daemon's socket says nothing. */
export function daemonSilent(limitMs: number): Failure {
  return new Failure(
    "daemon.silent",
    `daemon: must answer within ${limitMs / 1000} s, got nothing; it was stopped or this machine is very busy, so try again in a while, or end its process and try again`,
  );
}

/** The daemon ended before it was up; `words` are its own. */
export function daemonFailed(words: string): Failure {
  return new Failure(
    "daemon.unreachable",
    `daemon: must come up, got an end with "${words}"; mend that, or paint without it by \`frecas run --no-daemon\``,
  );
}

/** The daemon that runs is of another version than this program. */
export function otherDaemon(wanted: number, got: string): Failure {
  return new Failure(
    "daemon.version",
    `daemon: must speak protocol ${wanted}, got ${got}; end it with \`frecas daemon stop\`, or by "FreCaS: Restart the Daemon" in the editor, and try again, or paint without it by \`frecas run --no-daemon\``,
  );
}

/** A command line that the program does not know; `got` is what is wrong with it. */
export function invalidCommand(got: string): Failure {
  return new Failure(
    "command.invalid",
    `command line: must be as \`frecas --help\` says, got ${got}; correct it or run \`frecas --help\``,
  );
}

/** The user's settings file cannot be read as what it should be. */
export function badSettings(file: string, rule: string, got: string): Failure {
  return new Failure(
    "settings.invalid",
    `settings ${file}: ${rule}, got "${got}"; correct the file or remove it`,
  );
}

/** A variable of the environment cannot be read as what it should be. */
export function badVariable(name: string, rule: string, got: string, todo: string): Failure {
  return new Failure("settings.invalid", `settings ${name}: ${rule}, got "${got}"; ${todo}`);
}

/** A mistake of this program itself, nothing a user did. `stack` begins with the error's own message. */
export function programDefect(stack: string): Failure {
  return new Failure(
    "program.defect",
    `program: must end with a result or a reason, got a defect of its own, "${stack.split("\n")[0]}"; please report it`,
    stack,
  );
}
