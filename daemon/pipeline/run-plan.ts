// Plan → pictures on disk: text, cascade, PNG, prompt by prompt. Reads as the paper's figure; decides nothing.
import { brokenPicture, runCancelled } from "../base/failure.ts";
import type { ReadText } from "../base/read-json.ts";
import type { Tensor } from "../base/tensor.ts";
import { type ModelConfig, readModelConfig } from "../config/model-config.ts";
import type { Plan, PlannedPrompt } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import type { Device } from "../runtime/choose-device.ts";
import { type SamplerParts, type StepRecord, sample } from "../sampler/sample.ts";
import { TorchRandom } from "../sampler/torch-random.ts";
import { loadClipTokenizer } from "../tokens/load-clip-tokenizer.ts";
import { checkOutputs } from "./check-outputs.ts";
import { encodeTexts, type TextEmbedding } from "./encode-texts.ts";
import { guidedDenoiser } from "./guided-denoiser.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import { scaledVae } from "./scaled-vae.ts";
import { writePictures } from "./write-pictures.ts";

export interface RunContext {
  readonly device: Device;
  readonly readText: ReadText;
  onEvent(event: RunEvent): void;
  /** Each step's tensors, for tests and previews. */
  onStep?(record: StepRecord): void;
  /** Asked after each step; the run then ends with `runCancelled`. */
  isCancelled(): boolean;
}

/** Runs the whole plan; each picture is written as soon as its prompt is done. Throws Failures. */
export async function runPlan(plan: Plan, context: RunContext): Promise<void> {
  const { folder } = plan.model;
  const config = readModelConfig(folder, context.readText);
  const model = openModel(config, context.device, context.onEvent);
  const encoders = model.textEncoders.map((encoder) => ({
    encoder,
    tokenizer: loadClipTokenizer(`${folder}/${encoder.tokenizer}`, context.readText),
  }));
  try {
    await checkOutputs(plan);
    const words = [...plan.prompts.map((prompt) => prompt.text), plan.negative];
    const texts = await encodeTexts(words, encoders, config.text.positions);
    for (const prompt of plan.prompts) {
      const picture = await paint({ plan, context, config, model, texts }, prompt);
      await writePictures(plan, prompt, picture, context.onEvent);
    }
  } finally {
    await model.dispose();
  }
}

interface Run {
  readonly plan: Plan;
  readonly context: RunContext;
  readonly config: ModelConfig;
  readonly model: OpenModel;
  readonly texts: ReadonlyMap<string, TextEmbedding>;
}

/** All images of one prompt, in one batch: [images, 3, h, w]. */
async function paint(run: Run, prompt: PlannedPrompt): Promise<Tensor> {
  const { plan, context, config, model, texts } = run;
  const text = {
    cond: texts.get(prompt.text) as TextEmbedding,
    uncond: texts.get(plan.negative) as TextEmbedding,
  };
  const parts: SamplerParts = {
    mapLevels: model.mapLevels,
    latentChannels: config.vae.latentChannels,
    scalingFactor: config.vae.scalingFactor,
    denoise: guidedDenoiser(plan, model, text),
    ...scaledVae(plan, model, config.vae),
    random: new TorchRandom(prompt.seed),
    onStep: (record) => afterStep(plan, prompt, context, record),
  };
  return sample(plan, parts);
}

async function afterStep(
  plan: Plan,
  prompt: PlannedPrompt,
  context: RunContext,
  record: StepRecord,
): Promise<void> {
  const { stage, step, timestep } = record;
  if (!record.latent.data.every(Number.isFinite))
    throw brokenPicture(`after step ${step + 1} of stage ${stage + 1}`, "NaN or infinity");
  const stepsOf = (stages: Plan["stages"]): number =>
    stages.reduce((sum, each) => sum + each.steps.length, 0);
  const perPrompt = stepsOf(plan.stages);
  const done = prompt.index * perPrompt + stepsOf(plan.stages.slice(0, stage)) + step + 1;
  const steps = plan.stages[stage]?.steps.length ?? 0;
  const total = perPrompt * plan.prompts.length;
  context.onStep?.(record);
  context.onEvent({
    kind: "step",
    prompt: prompt.index,
    stage,
    step,
    steps,
    timestep,
    done,
    total,
  });
  // Network calls block the event loop; a request to stop is heard only when the loop turns here.
  await new Promise((resolve) => setImmediate(resolve));
  if (context.isCancelled()) throw runCancelled("pictures already written are kept");
}
