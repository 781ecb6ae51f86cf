// Plan → pictures on disk: text, cascade, PNG, prompt by prompt. Reads as the paper's figure; decides nothing.
import { brokenPicture, runCancelled } from "../base/failure.ts";
import type { Tensor } from "../base/tensor.ts";
import type { VaeConfig } from "../config/vae-config.ts";
import type { Plan, PlannedPrompt } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import type { Device } from "../runtime/choose-device.ts";
import { sampleDemofusion } from "../sampler/demofusion.ts";
import { type SamplerParts, type StepRecord, sample } from "../sampler/sample.ts";
import { TorchRandom } from "../sampler/torch-random.ts";
import { checkOutputs } from "./check-outputs.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { EndedStage } from "./encode-stage.ts";
import type { TextEmbedding } from "./encode-texts.ts";
import { guidedDenoiser } from "./guided-denoiser.ts";
import type { KeptModel, ModelKeeper } from "./model-keeper.ts";
import { readInit } from "./read-init.ts";
import { redilatedDenoiser } from "./redilated-denoiser.ts";
import { scaledVae } from "./scaled-vae.ts";
import { writePictures } from "./write-pictures.ts";

export interface RunContext {
  readonly device: Device;
  readonly models: ModelKeeper;
  onEvent(event: RunEvent): void;
  /** Each step's tensors, for tests and previews; the run waits for what it returns. */
  onStep?(record: StepRecord, of: { readonly prompt: number; readonly vae: VaeConfig }): unknown;
  /** Each stage that hands its picture on, once it has ended; the run waits for what it returns. */
  onStage?(stage: EndedStage): unknown;
  /** Where an earlier process left this very plan; pictures of prompts before it are told again, not painted. */
  readonly from?: Checkpoint | undefined;
  /** Between any two steps, and after each prompt: what a run could go on from. */
  keep?(checkpoint: () => Checkpoint, at: "step" | "stage"): Promise<void>;
  /** Asked after each step; the run then ends with `runCancelled`. */
  isCancelled(): boolean;
}

/**
 * Runs the whole plan; each picture is written as soon as its prompt is done. Throws Failures. The model stays open for
 * the next run, but not after a failure, which may have left it in any state.
 */
export async function runPlan(plan: Plan, context: RunContext): Promise<void> {
  const { models, device, onEvent } = context;
  try {
    const picture = await readInit(plan);
    const model = await models.get({ ...plan.model, loras: plan.loras }, device, onEvent);
    await checkOutputs(plan);
    const negative = plan.guidance > 1 ? plan.negative : null;
    const words = [
      ...plan.prompts.map(({ text }) => text),
      ...(negative === null ? [] : [negative]),
    ];
    const texts = await model.encode(words, {
      peakBytes: plan.memory.peak,
      loraWeights: plan.loras.map(({ weight }) => weight),
    });
    for (const prompt of plan.prompts) {
      if (prompt.index < (context.from?.prompt ?? 0)) {
        tellAgain(prompt, onEvent);
        continue;
      }
      const painted = await paint({ plan, context, model, texts, picture }, prompt);
      await writePictures(plan, prompt, painted, onEvent);
      await context.keep?.(() => ({ prompt: prompt.index + 1, inside: null }), "stage");
    }
  } catch (error) {
    await models.close();
    throw error;
  }
}

function tellAgain({ index, outputs }: PlannedPrompt, onEvent: RunContext["onEvent"]): void {
  for (const [image, path] of outputs.entries())
    onEvent({ kind: "picture", prompt: index, image, path, again: true });
}

interface Run {
  readonly plan: Plan;
  readonly context: RunContext;
  readonly model: KeptModel;
  readonly texts: ReadonlyMap<string, TextEmbedding>;
  readonly picture: SamplerParts["picture"];
}

/** All images of one prompt, in one batch: [images, 3, h, w]. */
async function paint(run: Run, prompt: PlannedPrompt): Promise<Tensor> {
  const { plan, context, texts } = run;
  const { config, open } = run.model;
  const cond = texts.get(prompt.text) as TextEmbedding;
  const text = { cond, uncond: uncondOf(plan, texts, cond) };
  const from = context.from?.prompt === prompt.index ? context.from.inside : null;
  const random = new TorchRandom(from?.random ?? prompt.seed);
  const parts: SamplerParts = {
    mapLevels: open.mapLevels,
    latentChannels: config.vae.latentChannels,
    scalingFactor: config.vae.scalingFactor,
    denoise:
      plan.method === "scalecrafter"
        ? redilatedDenoiser(plan, open, text)
        : guidedDenoiser(plan, open, text),
    ...scaledVae(plan, open, config.vae),
    picture: run.picture,
    random,
    onStep: async (record) => {
      const { position } = record;
      await afterStep(plan, prompt, context, record);
      await context.onStep?.(record, { prompt: prompt.index, vae: config.vae });
      if (record.picture !== null || record.maps !== null)
        await context.onStage?.({
          record,
          prompt: prompt.index,
          text: prompt.text,
          words: run.model.words(prompt.text),
          images: plan.images,
        });
      const here = (): Checkpoint => ({
        prompt: prompt.index,
        inside: { position, random: random.state() },
      });
      await context.keep?.(here, position.step === 0 ? "stage" : "step");
      if (context.isCancelled()) throw runCancelled("pictures already written are kept");
    },
  };
  if (plan.method === "demofusion")
    return sampleDemofusion(plan, { ...parts, jitterSeed: prompt.seed }, from?.position);
  return sample(plan, parts, from?.position);
}

/** What guidance leads away from; null where nothing is guided. */
function uncondOf(
  { guidance, negative }: Plan,
  texts: Run["texts"],
  cond: TextEmbedding,
): TextEmbedding | null {
  if (guidance <= 1) return null;
  return negative === null ? zeros(cond) : (texts.get(negative) as TextEmbedding);
}

/** Stands for a text that is none. */
function zeros({ text, pooled }: TextEmbedding): TextEmbedding {
  const zero = ({ shape, data }: Tensor): Tensor => ({
    shape,
    data: new Float32Array(data.length),
  });
  return { text: zero(text), pooled: pooled && zero(pooled) };
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
}
