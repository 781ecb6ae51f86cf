// What to change in a recipe that does not fit: the first change with which it would, the one that costs the picture
// least before the others.
import { showMemory } from "../base/show-memory.ts";
import { type Size, showSize } from "../base/size.ts";
import { cellPx } from "../config/vae-config.ts";
import type { Settings } from "./choose-settings.ts";
import { fitMemory, type Run } from "./fit-memory.ts";
import { planMemory } from "./memory.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { Plan } from "./plan.ts";
import type { UntiledStage } from "./plan-stages.ts";
import type { PlannedMethod } from "./planned-method.ts";

interface UnfittedRun {
  readonly tiling: Settings["tiling"];
  readonly stages: readonly UntiledStage[];
  readonly run: Run;
}

interface FittedWay extends Pick<Plan, "stages" | "scoresAtOnce" | "memory"> {
  readonly planned: PlannedMethod;
}

/** The first of `ways` that can be cut to the memory there is, or the last one, with what to change in the recipe. */
export function fitOrAdvise(
  [planned, ...others]: MethodPlan["ways"],
  given: Omit<UnfittedRun, "run"> & { readonly run: Omit<Run, "planned"> },
  memoryBytes: number,
): FittedWay {
  const run = { ...given.run, planned };
  const unfitted = { ...given, run };
  const { tiling, stages } = unfitted;
  const fitted = fitMemory({ tiling }, stages, run, memoryBytes);
  const memory = planMemory({ ...run, ...fitted });
  const isFitting = memory.peak <= memoryBytes;
  const [next, ...rest] = others;
  if (!isFitting && next !== undefined) return fitOrAdvise([next, ...rest], given, memoryBytes);
  const advice = isFitting ? null : adviseMemory(unfitted, memoryBytes);
  return { planned, ...fitted, memory: { ...memory, advice } };
}

/** The end of a sentence, such as "write tiling: on, which needs about 9.1 GB". */
function adviseMemory(unfitted: UnfittedRun, memoryBytes: number): string {
  for (const { advice, changed } of changesOf(unfitted)) {
    const peak = leastPeak(changed, memoryBytes);
    if (peak <= memoryBytes) return `${advice}, which needs about ${showMemory(peak)}`;
  }
  return "close other programs, write a smaller size and fewer images, or use a smaller model";
}

/** The peak when everything has been done about memory that a plan can do. */
function leastPeak({ tiling, stages, run }: UnfittedRun, memoryBytes: number): number {
  const fitted = fitMemory({ tiling }, stages, run, memoryBytes);
  return planMemory({ ...run, ...fitted }).peak;
}

interface Change {
  readonly advice: string;
  readonly changed: UnfittedRun;
}

function changesOf(unfitted: UnfittedRun): readonly Change[] {
  const { tiling, run } = unfitted;
  const tiled: UnfittedRun = { ...unfitted, tiling: "on" };
  const half: UnfittedRun = { ...unfitted, run: { ...run, precision: "fp16" } };
  const one: UnfittedRun = { ...unfitted, run: { ...run, images: 1 } };
  return [
    ...(tiling === "off" ? [{ advice: "write tiling: on", changed: tiled }] : []),
    ...(run.provider !== "cpu" && run.precision === "fp32"
      ? [{ advice: "write precision: fp16", changed: half }]
      : []),
    ...(run.images > 1 ? [{ advice: "write images: 1", changed: one }] : []),
    ...smallerSizes(unfitted),
    ...(run.images > 1 ? smallerSizes(one).map(alsoOne) : []),
  ];
}

/** Of the last stage's sides. */
const shares = [0.75, 0.5, 0.375, 0.25, 0.125, 0.0625];

const alsoOne = ({ advice, changed }: Change): Change => ({
  advice: `${advice} and images: 1`,
  changed,
});

/** Largest first. DemoFusion has no sizes but those of its phases. */
function smallerSizes(unfitted: UnfittedRun): readonly Change[] {
  if (unfitted.run.planned.method !== "demofusion")
    return shares.map((share) => smaller(unfitted, share));
  return unfitted.stages
    .slice(0, -1)
    .map(({ size }, index) => ({
      advice: `write size: ${showSize(size, "x")}`,
      changed: { ...unfitted, tiling: "on" as const, stages: unfitted.stages.slice(0, index + 1) },
    }))
    .reverse();
}

/** Every stage at most `share` of the last one's sides. */
function smaller(unfitted: UnfittedRun, share: number): Change {
  const last = unfitted.stages[unfitted.stages.length - 1] as UntiledStage;
  const most = shrunk(last.size, share);
  const stages = unfitted.stages.map((stage) => {
    const size = {
      width: Math.min(stage.size.width, most.width),
      height: Math.min(stage.size.height, most.height),
    };
    const latent = { width: size.width / cellPx, height: size.height / cellPx };
    return { ...stage, size, latent };
  });
  const changed: UnfittedRun = { ...unfitted, tiling: "on", stages };
  return { advice: `write size: ${showSize(most, "x")}`, changed };
}

/** In multiples that every model paints. */
function shrunk({ width, height }: Size, share: number): Size {
  const side = (px: number): number => Math.max(64, Math.floor((px * share) / 64) * 64);
  return { width: side(width), height: side(height) };
}
