// Prepares what a plan needs from this machine (files, memory, provider) and runs it.
import { readFileSync } from "node:fs";
import { availableMemory } from "../base/available-memory.ts";
import { notEnoughMemory, unreadableModel } from "../base/failure.ts";
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
  await runPlan(plan, { readText, device: await chooseDevice(plan), ...listener });
}

/** Undefined where there is no such file. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadableModel(path, message);
  }
}
