// What a run teaches about this machine's speed: the time that its network calls took against what its plan counts.
import type { Plan } from "../plan/plan.ts";
import { type RunClock, runClock } from "../protocol/run-clock.ts";
import type { Part } from "../protocol/run-event.ts";
import type { MachineProfile } from "./machine-profile.ts";

export interface SpeedMeter extends Pick<RunClock, "hear" | "totalMs"> {
  /** Of a run that is done; undefined where it teaches nothing. */
  learn(plan: Pick<Plan, "cost" | "prompts">): Pick<MachineProfile, "rate"> | undefined;
}

/** A quarter of the built-in model's picture at 512×512. A run of an instant says more about starting than about speed. */
const leastMeasuredFlops = 2e11;

export function speedMeter(): SpeedMeter {
  const spent = new Map<Part, number>();
  let callingMs: number | null = null;
  const clock = runClock();
  return {
    hear: (atMs, event) => {
      clock.hear(atMs, event);
      if (event.kind === "calling") callingMs = atMs;
      // Of a run that is heard in its middle the first call may have begun before.
      if (event.kind !== "called" || callingMs === null) return;
      spent.set(event.part, (spent.get(event.part) ?? 0) + atMs - callingMs);
      callingMs = null;
    },
    get totalMs() {
      return clock.totalMs;
    },
    learn: ({ cost, prompts }) => {
      // A run that went on from a checkpoint has done less than its plan, and one whose texts were known, none of theirs.
      const isWhole = clock.isWhole && spent.has("text");
      if (!isWhole || cost.total <= leastMeasuredFlops) return undefined;
      const speed = (flops: number, ...parts: readonly Part[]): number => {
        const ms = parts.reduce((sum, part) => sum + (spent.get(part) ?? 0), 0);
        return Math.max(0.001, (flops * prompts.length) / Math.max(ms / 1000, 1e-6) / 1e9);
      };
      return {
        rate: {
          gflopsText: speed(cost.text, "text"),
          gflopsDenoiser: speed(sum(cost.denoiserByStage), "denoiser"),
          gflopsVae: speed(sum(cost.vaeByStage), "vae-encode", "vae-decode"),
        },
      };
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
