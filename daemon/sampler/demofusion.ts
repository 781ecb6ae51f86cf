// DemoFusion (Du et al., CVPR 2024; pipeline_demofusion_sdxl.py): phases of growing size. From the second one on each
// step is pulled towards the noised picture of the phase before, and its prediction is mixed from overlapping windows
// and dilated samples. Knows no model: the network and the random numbers are values passed in.
import type { Size } from "../base/size.ts";
import type { Tensor } from "../base/tensor.ts";
import type { DemofusionPlan, PlannedStage, PlannedStep } from "../plan/plan.ts";
import type { Window } from "./crop.ts";
import { predictDilated } from "./dilated-samples.ts";
import { guide } from "./guidance.ts";
import { momentsOf, withMoments } from "./moments.ts";
import { predictByWindows } from "./overlapping-windows.ts";
import type { PhaseState } from "./phase-state.ts";
import { networkInput, networkTimestep, noiseFor, startOf, takeStep } from "./planned-step.ts";
import { PythonRandom } from "./python-random.ts";
import { resizeBicubic } from "./resize-bicubic.ts";
import type { SamplerParts, SamplerPosition, TimeIds } from "./sample.ts";
import { jitterOf, placeWindows } from "./window-grid.ts";

/** The published code draws how far windows move by Python's random module; `jitterSeed` seeds that. */
export interface DemofusionParts
  extends Pick<SamplerParts, "latentChannels" | "denoise" | "decode" | "random" | "onStep"> {
  readonly jitterSeed: number;
}

type FusedPlan = Pick<DemofusionPlan, "stages" | "demofusion">;

/** As `sample`: one picture [1, 3, h, w], about −1..1; `from` is where an earlier call with the same plan stood. */
export async function sampleDemofusion(
  plan: FusedPlan,
  parts: DemofusionParts,
  from?: SamplerPosition,
): Promise<Tensor> {
  let position = from ?? start(plan, parts);
  while (position.stage < plan.stages.length) position = await runStep({ plan, parts }, position);
  return parts.decode(position.latent, plan.stages.length - 1);
}

function start({ stages }: FusedPlan, parts: DemofusionParts): SamplerPosition {
  const { latent, steps } = stages[0] as PlannedStage;
  const noise = parts.random.normal([1, parts.latentChannels, latent.height, latent.width]);
  return { stage: 0, step: 0, latent: startOf(steps[0] as PlannedStep, noise), maps: null };
}

interface Run {
  readonly plan: FusedPlan;
  readonly parts: DemofusionParts;
}

async function runStep(run: Run, position: SamplerPosition): Promise<SamplerPosition> {
  const { plan, parts } = run;
  const { stage, step, phase } = position;
  const { steps } = plan.stages[stage] as PlannedStage;
  const at = steps[step] as PlannedStep;
  const jitter = new PythonRandom(phase?.jitter ?? parts.jitterSeed);
  const weights = cosineWeights(at.timestep, plan.demofusion.cosineScales);
  const x =
    phase === undefined
      ? position.latent
      : mix(position.latent, noiseFor(at, phase.enlarged, phase.noise), weights.skip);
  const guided =
    phase === undefined
      ? await asker(run, stage, at)(x, [origin], "first")
      : await fuse({ ...run, stage, at, weights, jitter }, x);
  const update = takeStep(x, guided, at);
  const isLast = step === steps.length - 1;
  const moved = phase && { ...phase, jitter: jitter.state() };
  const next = isLast
    ? enterPhase(run, stage + 1, update.next, moved)
    : { ...position, step: step + 1, latent: update.next, ...(moved && { phase: moved }) };
  // The first phase's picture is a preview of the whole, at a hundredth of the cost of the rest.
  const shows = isLast && stage === 0 && plan.stages.length > 1;
  const picture = shows ? await parts.decode(update.next, stage) : null;
  const record = { stage, step, timestep: at.timestep, guided, latent: update.next, maps: null };
  await parts.onStep({ ...record, x0: update.x0, picture, position: next });
  return next;
}

/** `latent` is what the stage before ended with; after the last stage it is what is decoded. */
function enterPhase(
  { plan, parts }: Run,
  stage: number,
  latent: Tensor,
  before: PhaseState | undefined,
): SamplerPosition {
  const moments = before?.moments ?? momentsOf(latent);
  const ended = before === undefined ? latent : withMoments(latent, moments);
  const next = plan.stages[stage];
  if (next === undefined) return { stage, step: 0, latent: ended, maps: null };
  const enlarged = resizeBicubic(ended, next.latent);
  const noise = parts.random.normal(enlarged.shape);
  const jitter = before?.jitter ?? new PythonRandom(parts.jitterSeed).state();
  const started = noiseFor(next.steps[0] as PlannedStep, enlarged, noise);
  const phase: PhaseState = { moments, enlarged, noise, jitter };
  return { stage, step: 0, latent: started, maps: null, phase };
}

interface CosineWeights {
  /** Of the noised picture of the phase before. */
  readonly skip: number;
  /** Of the dilated samples' prediction. */
  readonly dilated: number;
  /** Of the blur's sigma. */
  readonly blur: number;
}

/** From 1 where the noise is largest to 0 (the blur: 0.01) where there is none, of `timestep` 0..999. */
function cosineWeights(
  timestep: number,
  [skip, dilated, blur]: readonly [number, number, number],
): CosineWeights {
  const cosine = (1 + Math.cos((Math.PI * (1000 - timestep)) / 1000)) / 2;
  return {
    skip: cosine ** skip,
    dilated: cosine ** dilated,
    blur: 0.99 * cosine ** blur + 0.01,
  };
}

interface FusedStep extends Run {
  readonly stage: number;
  readonly at: PlannedStep;
  readonly weights: CosineWeights;
  readonly jitter: PythonRandom;
}

/** The windows' prediction and the dilated samples', mixed. */
async function fuse(step: FusedStep, x: Tensor): Promise<Tensor> {
  const { plan, stage, weights, jitter } = step;
  const { window, stride, windowsAtOnce, firstBatch, frameOrigin, sigma } = plan.demofusion;
  const { latent } = plan.stages[stage] as PlannedStage;
  const ask = asker(step, stage, step.at);
  const grid = { latent, window, stride };
  const windows = placeWindows(grid, (low, high) => jitter.integer(low, high));
  const placed = { windows, border: jitterOf(grid), atOnce: windowsAtOnce, firstBatch };
  const inFrame = ({ top, left }: Corner): Corner => ({
    top: Math.max(0, top - frameOrigin),
    left: Math.max(0, left - frameOrigin),
  });
  const local = await predictByWindows(x, placed, (latents, some: readonly Window[], first) =>
    ask(latents, some.map(inFrame), first < firstBatch ? "first" : "later"),
  );
  const dilation = { scale: stage + 1, sigma: sigma * weights.blur, atOnce: windowsAtOnce };
  const dilated = await predictDilated(x, dilation, (samples) =>
    ask(samples, Array<Corner>(samples.shape[0] ?? 0).fill(origin), "later"),
  );
  return mix(local, dilated, weights.dilated);
}

/** Of a window, in latent cells. */
interface Corner {
  readonly top: number;
  readonly left: number;
}

const origin: Corner = { top: 0, left: 0 };

type Ask = (
  latents: Tensor,
  corners: readonly Corner[],
  call: "first" | "later",
) => Promise<Tensor>;

/** Guided predictions of the network for latents of one size; it is told that each is a part of the finished picture. */
function asker({ plan, parts }: Run, stage: number, at: PlannedStep): Ask {
  const { guidance } = plan.stages[stage] as PlannedStage;
  const { size, latent: cells } = plan.stages.at(-1) as PlannedStage;
  const cellPx = size.width / cells.width;
  return async (latents, corners, call) => {
    const answer = await parts.denoise({
      stage,
      at,
      latent: networkInput(latents, at, call),
      timestep: networkTimestep(at),
      reuse: null,
      collect: false,
      timeIds: corners.map((corner) => timeIdsOf(size, corner, cellPx)),
    });
    return guide(answer, guidance);
  };
}

const timeIdsOf = ({ width, height }: Size, { top, left }: Corner, cellPx: number): TimeIds => [
  height,
  width,
  top * cellPx,
  left * cellPx,
  height,
  width,
];

/** (1 − share)·a + share·b. */
function mix(a: Tensor, b: Tensor, share: number): Tensor {
  const data = a.data.map(
    (value, index) => (1 - share) * value + share * (b.data[index] as number),
  );
  return { shape: a.shape, data };
}
