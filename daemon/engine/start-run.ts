// Prepares what a plan needs from this machine (files, memory, provider) and runs it.
import { availableMemory } from "../base/available-memory.ts";
import { notEnoughMemory } from "../base/failure.ts";
import { readModelText } from "../base/read-text.ts";
import { runPlan } from "../pipeline/run-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import { chooseDevice } from "../runtime/choose-device.ts";

export interface RunListener {
  onEvent(event: RunEvent): void;
  isCancelled(): boolean;
}

/** Runs a plan to its end; throws Failures, `notEnoughMemory` before anything is loaded. */
export async function startRun(plan: Plan, listener: RunListener): Promise<void> {
  const available = availableMemory();
  if (plan.memory.peak > available)
    throw notEnoughMemory(
      plan.memory.peak,
      available,
      "set tiling: on, a smaller size or fewer images",
    );
  await runPlan(plan, { readText: readModelText, device: await chooseDevice(plan), ...listener });
}
