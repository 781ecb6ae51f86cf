// The cascade: a loop over stages, each a loop over timesteps over the network (paper §3, figure 2).
// It knows neither models nor runtime: the network, the VAE and the random numbers are values passed in.

import { resizeNearest } from "../base/resize.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Plan, PlannedStage, PlannedStep } from "../plan/plan.ts";
import { type AttentionMap, gridOf, mergeMaps, resizeMap } from "./attention-maps.ts";
import { guide, type Predictions } from "./guidance.ts";
import type { PhaseState } from "./phase-state.ts";
import { drawsNoise, networkTimestep, noiseFor, takeStep } from "./planned-step.ts";
import type { TorchRandom } from "./torch-random.ts";

/** One network call: latent [n, c, h, w]. `reuse.maps[i]` [batch, pixels, tokens] belongs to `mapLevels[i]`. */
export interface NetworkCall {
  readonly stage: number;
  /** The step that the call is of. */
  readonly at: PlannedStep;
  readonly latent: Tensor;
  /** As the network wants it. */
  readonly timestep: number;
  readonly reuse: { readonly weight: number; readonly maps: readonly Tensor[] } | null;
  readonly collect: boolean;
  /** Absent: each latent is the whole of a picture of the native size. */
  readonly timeIds?: readonly TimeIds[];
}

/**
 * What an SDXL is told of a latent's place, for each of a batch, in pixels: height and width of the picture, top and left
 * of the part that the latent is, height and width that are wanted.
 */
export type TimeIds = readonly [number, number, number, number, number, number];

/** `maps` has one [batch, pixels, tokens] for each of `mapLevels` when the call collects, otherwise none. */
export interface NetworkAnswer extends Predictions {
  readonly maps: readonly Tensor[];
}

export interface SamplerParts {
  /** Picture levels that look at the text: 0 is the latent's size, each next one half of it. */
  readonly mapLevels: readonly number[];
  readonly latentChannels: number;
  denoise(call: NetworkCall): Promise<NetworkAnswer>;
  /** Scaled latent → picture [n, 3, h, w], about −1..1. */
  decode(latent: Tensor, stage: number): Promise<Tensor>;
  /** Picture → mean and standard deviation of the unscaled latent. */
  encode(picture: Tensor, stage: number): Promise<{ readonly mean: Tensor; readonly std: Tensor }>;
  /** Of the VAE: scaled = (latent − the plan's encodeShift) · scalingFactor. */
  readonly scalingFactor: number;
  /** Where the plan begins with a picture: [1, 3, h, w] in −1..1, of the size of the stage before it is enlarged. */
  readonly picture: Tensor | null;
  /** The run's generator. */
  readonly random: Pick<TorchRandom, "normal" | "normalLike">;
  /** After each step: the guided prediction, and the latent that the next step starts from. May throw to stop. */
  onStep(record: StepRecord): void | Promise<void>;
}

export interface StepRecord {
  readonly stage: number;
  readonly step: number;
  /** As the plan says it, 0..999. */
  readonly timestep: number;
  readonly guided: Tensor;
  readonly latent: Tensor;
  /** What was collected in this call and is in use from now on. */
  readonly maps: AttentionMap | null;
  /** The scaled latent without noise that the step believes in, of this stage's size. */
  readonly x0: Tensor;
  /** What `x0` was decoded to where the stage ends in a larger one, −1..1. */
  readonly picture: Tensor | null;
  /** Where the sampling stands after this step. */
  readonly position: SamplerPosition;
}

/**
 * Between two steps: with the plan, the networks and the random generator's state, all that the rest of the sampling
 * depends on.
 */
export interface SamplerPosition {
  /** The step that comes next; `stage` is the number of stages where none does. */
  readonly stage: number;
  readonly step: number;
  /** [n, c, h, w] that the step starts from. */
  readonly latent: Tensor;
  /** Maps of the stage before. */
  readonly maps: AttentionMap | null;
  /** DemoFusion's, from its second phase on. */
  readonly phase?: PhaseState;
}

/**
 * Samples one prompt's images; the result is the decoded picture [n, 3, h, w], about −1..1. `from` is where an earlier
 * call with the same plan stood; the random generator must stand where it stood then.
 */
export async function sample(
  plan: SampledPlan,
  parts: SamplerParts,
  from?: SamplerPosition,
): Promise<Tensor> {
  let position = from ?? (await start(plan, parts));
  while (position.stage < plan.stages.length)
    position = await runStage({ plan, parts, stage: position.stage }, position);
  return parts.decode(position.latent, plan.stages.length - 1);
}

async function start(plan: SampledPlan, parts: SamplerParts): Promise<SamplerPosition> {
  if (plan.init !== null && parts.picture !== null)
    return enterPicture({ plan, parts, stage: plan.init.stage - 1 }, parts.picture);
  const { height = 0, width = 0 } = plan.stages[0]?.latent ?? {};
  const latent = parts.random.normal([plan.images, parts.latentChannels, height, width]);
  return { stage: 0, step: 0, latent, maps: null };
}

type SampledPlan = Pick<Plan, "init" | "stages" | "images" | "encodeShift">;

interface StageRun {
  readonly plan: SampledPlan;
  readonly parts: SamplerParts;
  readonly stage: number;
}

/**
 * What a stage hands on that did not paint its picture. Its maps come from one call on the picture with the noise that
 * the stage ends with; draws the noise for that first, then what every change of stage draws.
 */
async function enterPicture(run: StageRun, picture: Tensor): Promise<SamplerPosition> {
  const { plan, parts, stage } = run;
  const next = { ...run, stage: stage + 1 };
  const [at] = plan.stages[stage]?.steps ?? [];
  const start = { stage: next.stage, step: 0 };
  if (at === undefined) return { ...start, latent: await enterStage(next, picture), maps: null };
  const noised = await enterStage(run, picture);
  const { timestep } = at;
  const answer = await parts.denoise({
    stage,
    at,
    latent: noised,
    timestep: networkTimestep(at),
    reuse: null,
    collect: true,
  });
  const maps = collectMaps(run, answer.maps);
  const latent = await enterStage(next, picture);
  const position = { ...start, latent, maps };
  const { x0 } = takeStep(noised, answer.cond, at);
  const record = { stage, step: 0, timestep, guided: answer.cond, latent, maps, x0, picture };
  await parts.onStep({ ...record, position });
  return position;
}

/** From `from` to the first step of the next stage. */
async function runStage(run: StageRun, from: SamplerPosition): Promise<SamplerPosition> {
  const reuse = reusedMaps(run, from.maps);
  let position = from;
  while (position.stage === run.stage) position = await runStep(run, reuse, position);
  return position;
}

async function runStep(
  run: StageRun,
  reuse: NetworkCall["reuse"],
  { step, latent, maps }: SamplerPosition,
): Promise<SamplerPosition> {
  const { plan, parts, stage } = run;
  const { steps, guidance, collectsMaps } = plan.stages[stage] as PlannedStage;
  const at = steps[step] as PlannedStep;
  const isLast = step === steps.length - 1;
  const collect = isLast && collectsMaps;
  const timestep = networkTimestep(at);
  const answer = await parts.denoise({ stage, at, latent, timestep, reuse, collect });
  const guided = guide(answer, guidance);
  const drawn = drawsNoise(at) ? parts.random.normal(latent.shape) : undefined;
  const update = takeStep(latent, guided, at, drawn);
  const changes = isLast && stage + 1 < plan.stages.length;
  const picture = changes ? clipped(await parts.decode(update.x0, stage)) : null;
  const after =
    picture === null ? update.next : await enterStage({ ...run, stage: stage + 1 }, picture);
  const collected = collect ? collectMaps(run, answer.maps) : null;
  const position = isLast
    ? { stage: stage + 1, step: 0, latent: after, maps: collected ?? maps }
    : { stage, step: step + 1, latent: after, maps };
  const record = { stage, step, timestep: at.timestep, guided, latent: after, maps: collected };
  await parts.onStep({ ...record, x0: update.x0, picture, position });
  return position;
}

/** The map of the stage before at the size of each level of this one; the same in all of the stage's calls. */
function reusedMaps(
  { plan, parts, stage }: StageRun,
  maps: AttentionMap | null,
): NetworkCall["reuse"] {
  const { attentionReuse, latent } = plan.stages[stage] as PlannedStage;
  if (attentionReuse === null || maps === null) return null;
  const { weight, factor, resize } = attentionReuse;
  const atLevel = (level: number): Tensor => resizeMap(maps, gridOf(latent, level), resize);
  return { weight: weight * factor, maps: parts.mapLevels.map(atLevel) };
}

/** One map of all levels, merged the way that the next stage resizes it. */
function collectMaps(
  { plan, parts, stage }: StageRun,
  answers: readonly Tensor[],
): AttentionMap | null {
  const { latent } = plan.stages[stage] as PlannedStage;
  const resize = plan.stages[stage + 1]?.attentionReuse?.resize;
  if (resize === undefined) return null;
  const maps = parts.mapLevels.map((level, index) => ({
    grid: gridOf(latent, level),
    map: answers[index] as Tensor,
  }));
  return mergeMaps(maps, resize);
}

function clipped({ shape, data }: Tensor): Tensor {
  return { shape, data: data.map((value) => Math.min(1, Math.max(-1, value))) };
}

/**
 * Enlarge, encode, noise (method §4): the latent that the stage starts from. One picture serves all images. Draws the
 * posterior's noise, then the stage's.
 */
async function enterStage({ plan, parts, stage }: StageRun, picture: Tensor): Promise<Tensor> {
  const { size, steps } = plan.stages[stage] as PlannedStage;
  const encoded = await parts.encode(resizeNearest(picture, size), stage);
  const [mean, std] = [repeat(encoded.mean, plan.images), repeat(encoded.std, plan.images)];
  const posterior = parts.random.normal(mean.shape);
  const latent = mean.data.map(
    (value, index) =>
      (value + (std.data[index] as number) * (posterior.data[index] as number) - plan.encodeShift) *
      parts.scalingFactor,
  );
  const noise = parts.random.normalLike(mean.shape);
  return noiseFor(steps[0] as PlannedStep, { shape: mean.shape, data: latent }, noise);
}

/** A batch of one as a batch of `count`; any other batch as it is. */
function repeat(x: Tensor, count: number): Tensor {
  const [n, ...inner] = x.shape;
  if (n !== 1 || count === 1) return x;
  const data = new Float32Array(x.data.length * count);
  for (let item = 0; item < count; item += 1) data.set(x.data, item * x.data.length);
  return { shape: [count, ...inner], data };
}
