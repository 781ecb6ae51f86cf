// A model that stays open from run to run: what is opened again, and that no picture depends on it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan, SharedPlan } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import { exact } from "../support/answer-parts.ts";
import { planOfGolden, readText } from "../support/published-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-keeper-"));
afterAll(() => rmSync(folder, { recursive: true }));

const cpu: Device = { provider: "cpu", threads: 1, target: exact };

interface Run {
  readonly plan: Plan;
  readonly device?: Device;
}

/** What each of the runs opens, one after the other; every picture must be the one of a run by itself. */
async function check(
  runs: readonly Run[],
  expected: readonly string[],
  heldBytes = 0,
): Promise<void> {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => heldBytes });
  const opened: string[] = [];
  for (const run of runs) {
    const { pictures, parts } = await paint(run, models);
    const alone = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
    expect(pictures).toEqual((await paint(run, alone)).pictures);
    await alone.close();
    opened.push(parts.join(" "));
  }
  await models.close();
  expect(opened).toEqual(expected);
}

async function paint({ plan, device = cpu }: Run, models: ReturnType<typeof modelKeeper>) {
  const parts: string[] = [];
  await runPlan(plan, {
    device,
    models,
    onEvent: (event) => void (event.kind === "opening" && parts.push(event.part)),
    isCancelled: () => false,
  });
  const outputs = plan.prompts.flatMap((prompt) => prompt.outputs);
  return { parts, pictures: outputs.map((path) => readFileSync(path, "hex")) };
}

const plan = (name: string, changes: Partial<SharedPlan> = {}): Plan => ({
  ...planOfGolden(name, join(folder, name)),
  ...changes,
});

const one = plan("sd15");

/** The same with another seed, or another prompt. */
const prompts = (change: Partial<Plan["prompts"][number]>): Partial<Plan> => ({
  prompts: one.prompts.map((prompt) => ({ ...prompt, ...change })),
});
const reseeded = plan("sd15", prompts({ seed: 5 }));
const reworded = plan("sd15", prompts({ text: "a lake" }));

/** Of two stages; the VAE is opened for each picture. */
const vae = "vae-decode vae-encode vae-decode";
const all = `text denoiser ${vae}`;

it("a sweep opens its model once, and encodes a text once", () =>
  check([{ plan: one }, { plan: reseeded }, { plan: one }], [all, vae, vae]));

it("another prompt opens the text encoder beside the rest", () =>
  check([{ plan: one }, { plan: reworded }], [all, `text ${vae}`]));

it("another prompt opens all anew where both would be more than was planned", () =>
  check([{ plan: one }, { plan: reworded }, { plan: reworded }], [all, all, vae], 1e15));

it("a run planned with less memory than the one before opens all but its texts anew", () => {
  const smaller = plan("sd15", { memory: { ...one.memory, peak: one.memory.peak / 2 } });
  return check([{ plan: one }, { plan: smaller }, { plan: one }], [all, `denoiser ${vae}`, vae]);
});

it("another model takes the place of the first one", () =>
  check([{ plan: one }, { plan: plan("sdxl") }, { plan: one }], [all, `text ${all}`, all]));

it("another device or precision does so too", () => {
  const half: Device = { ...cpu, target: { ...exact, precision: "float16" } };
  return check([{ plan: one }, { plan: one, device: half }, { plan: one }], [all, all, all]);
});

it("a run that fails takes its model with it", async () => {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const stopped = { device: cpu, models, onEvent: () => {}, isCancelled: () => true };
  await expect(runPlan(one, stopped)).rejects.toThrow(/stopped as asked/);
  expect((await paint({ plan: one }, models)).parts.join(" ")).toBe(all);
  await models.close();
});
