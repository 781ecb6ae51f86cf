// What runs of one engine share besides their model: each provider is tested once in a precision.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { runStarter } from "../../daemon/engine/run-starter.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import { exact } from "../support/answer-parts.ts";
import { planOfGolden } from "../support/published-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-starter-"));
afterAll(() => rmSync(folder, { recursive: true }));

const asked: string[] = [];
vi.mock("../../daemon/runtime/choose-device.ts", () => ({
  chooseDevice: async ({ provider, precision }: Plan): Promise<Device> => {
    asked.push(`${provider} ${precision}`);
    if (provider === "cuda") throw new Error("no such device");
    return { provider: "cpu", threads: 1, target: exact };
  },
}));

const plan = planOfGolden("sd15", folder);
type Where = Pick<Plan, "provider" | "precision">;

async function check(places: readonly Where[], expected: readonly string[]): Promise<void> {
  asked.length = 0;
  const start = runStarter("");
  const listener = { onEvent: () => {}, isCancelled: () => false };
  for (const where of places) await start({ ...plan, ...where }, listener).catch(() => {});
  expect(asked).toEqual(expected);
}

const half = { provider: "webgpu", precision: "fp16" } as const;
const full = { provider: "webgpu", precision: "fp32" } as const;
const absent = { provider: "cuda", precision: "fp16" } as const;

it("a provider is tested once in each precision", () =>
  check([half, half, full, half, full], ["webgpu fp16", "webgpu fp32"]));

it("one that failed is tested again", () => check([absent, absent], ["cuda fp16", "cuda fp16"]));

it("a plan that needs more memory than there is starts nothing", async () => {
  const memory = { ...plan.memory, peak: 2 ** 50 };
  const start = runStarter("")(
    { ...plan, memory },
    { onEvent: () => {}, isCancelled: () => false },
  );
  await expect(start).rejects.toThrow(/memory: the run needs about/);
});
