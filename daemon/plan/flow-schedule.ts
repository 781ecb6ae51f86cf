// The noise schedule of flow matching: σ by timestep, Euler's steps, the next stage's start (method §2, §3).
// Reference: diffusers scheduling_flow_match_euler_discrete.py; numbers equal the published code's.
import type { FlowSchedulerConfig } from "../config/flow-scheduler-config.ts";
import type { Settings } from "./choose-settings.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";
import { LAST_TIMESTEP, stageTimesteps } from "./schedule.ts";

const { fround } = Math;

export function flowSchedule(
  config: FlowSchedulerConfig,
  { variant }: Pick<Settings, "variant">,
): NoiseSchedule {
  const sigmas = flowSigmas(config);
  return {
    steps: ({ start, until, steps }) => {
      const timesteps = stageTimesteps(start, until, steps);
      const indices = timesteps.map((timestep) => LAST_TIMESTEP - timestep);
      const last = indices.length - 1;
      // The published code goes on from the last timestep but one, and so back towards noise.
      const before = variant === "published" ? Math.max(0, last - 1) : last;
      const final = (indices[before] as number) + 1;
      return timesteps.map((timestep, index) => ({
        kind: "flow",
        timestep,
        sigma: sigmas[indices[index] as number] as number,
        nextSigma: sigmas[indices[index + 1] ?? final] as number,
      }));
    },
    nextStart: flowStart,
  };
}

/** σ from noise to picture: 1000 of them, at index 999 − timestep, and the final 0. */
export function flowSigmas({ trainTimesteps: count, shift }: FlowSchedulerConfig): Float32Array {
  // The scheduler shifts its ends when it is made, and all of its sigmas once more when it is used.
  const shiftEnd = (sigma: number): number =>
    fround(fround(shift * sigma) / fround(1 + fround((shift - 1) * sigma)));
  const [first, last] = [shiftEnd(1) * count, shiftEnd(fround(1 / count)) * count];
  const step = (last - first) / (count - 1);
  const sigmas = new Float32Array(count + 1);
  for (let index = 0; index < count; index += 1) {
    const sigma = (index === count - 1 ? last : first + step * index) / count;
    sigmas[index] = (shift * sigma) / (1 + (shift - 1) * sigma);
  }
  return sigmas;
}

/** trunc(1000·k·e / (1000 + (k−1)·e)) with k = √(new size / old size): as far from e as γ = 1 goes elsewhere. */
export function flowStart({
  until,
  shrink,
}: {
  readonly until: number;
  readonly shrink: number;
}): number {
  const k = Math.sqrt(1 / shrink);
  return Math.trunc((1000 * k * until) / (1000 + (k - 1) * until));
}
