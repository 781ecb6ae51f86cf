// Prepares what a plan needs from this machine (memory, provider) and runs it. What one run has opened and found out
// stays for the next one: a sweep opens its model once, and a provider is tested once.
import { availableMemory, heldMemory } from "../base/available-memory.ts";
import { notEnoughMemory } from "../base/failure.ts";
import { readModelText } from "../base/read-text.ts";
import { modelKeeper } from "../pipeline/model-keeper.ts";
import { type RunContext, runPlan } from "../pipeline/run-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { chooseDevice, type Device } from "../runtime/choose-device.ts";
import { noCache } from "../runtime/network-cache.ts";

type RunListener = Pick<
  RunContext,
  "onEvent" | "isCancelled" | "from" | "keep" | "onStep" | "onStage"
>;

/** Runs a plan to its end; throws Failures, `notEnoughMemory` before anything is loaded. */
export type StartRun = (plan: Plan, listener: RunListener) => Promise<void>;

/** For runs one after the other. `wordsFolder` is the program's folder of vocabularies; without a `cache` nothing is kept. */
export function runStarter(wordsFolder: string, cache = noCache): StartRun {
  const heldBytes = process.memoryUsage.rss;
  const models = modelKeeper({ readText: readModelText, wordsFolder, heldBytes, cache });
  const devices = new Map<string, Device>();
  return async (plan, listener) => {
    checkMemory(plan);
    const key = `${plan.provider} ${plan.precision}`;
    const device = devices.get(key) ?? (await chooseDevice(plan));
    devices.set(key, device);
    const target = { models, device: slicedDevice(device, plan), ...listener };
    await runPlan(plan, target).finally(cache.settle);
  };
}

function slicedDevice(device: Device, { scoresAtOnce }: Pick<Plan, "scoresAtOnce">): Device {
  if (scoresAtOnce === null) return device;
  return { ...device, target: { ...device.target, scoresAtOnce } };
}

/** The plan counts the whole process, so what a model that is still open takes is there for it too. */
function checkMemory({ memory }: Pick<Plan, "memory">): void {
  const available = availableMemory() + heldMemory(process.pid);
  if (memory.peak > available)
    throw notEnoughMemory(
      memory.peak,
      available,
      memory.advice ?? "close other programs, or write tiling: on, a smaller size or fewer images",
    );
}
