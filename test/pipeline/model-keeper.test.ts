// A model that stays open from run to run: what is opened again, and that no picture depends on it.
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readModel } from "../../daemon/config/read-model.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan, SharedPlan } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import { exact } from "../support/answer-parts.ts";
import { tinyRules, writeOriginal } from "../support/original-layout.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { golden } from "../support/read-golden.ts";
import { readTensors } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-keeper-"));
afterAll(() => rmSync(folder, { recursive: true }));

const surroundings = { readText, wordsFolder: "", rules: tinyRules };
const cpu: Device = { provider: "cpu", threads: 1, target: exact };

interface Run {
  readonly plan: Plan;
  readonly device?: Device;
  /** What happens to the model's files before it. */
  before?(): void;
}

/** What each of the runs opens, one after the other; every picture must be the one of a run by itself. */
async function check(
  runs: readonly Run[],
  expected: readonly string[],
  heldBytes = 0,
): Promise<void> {
  const models = modelKeeper({ ...surroundings, heldBytes: () => heldBytes });
  const opened: string[] = [];
  for (const run of runs) {
    run.before?.();
    const { pictures, parts } = await paint(run, models);
    const alone = modelKeeper({ ...surroundings, heldBytes: () => 0 });
    expect(pictures).toEqual((await paint(run, alone)).pictures);
    await alone.close();
    opened.push(parts.join(" "));
  }
  await models.close();
  expect(opened).toEqual(expected);
}

async function paint({ plan, device = cpu }: Run, models: ReturnType<typeof modelKeeper>) {
  const parts: string[] = [];
  const calls: string[] = [];
  await runPlan(plan, {
    device,
    models,
    onEvent: (event) => {
      if (event.kind === "opening") parts.push(event.part);
      if (event.kind === "calling") calls.push(event.part);
    },
    isCancelled: () => false,
  });
  const outputs = plan.prompts.flatMap((prompt) => prompt.outputs);
  return { parts, calls, pictures: outputs.map((path) => readFileSync(path, "hex")) };
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

it("the negative is encoded where something is guided, and nowhere else", async () => {
  const stages = one.stages.map((stage) => ({ ...stage, guidance: { kind: "none" } as const }));
  const encoded = async (run: Plan): Promise<number> => {
    const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
    const { calls } = await paint({ plan: run }, models);
    await models.close();
    return calls.filter((part) => part === "text").length;
  };
  expect(await encoded(one)).toBe(2);
  expect(await encoded(plan("sd15", { guidance: 1, stages }))).toBe(1);
});

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

/** Writes other values under the file's name, as a download does: all at once, and with the old time. */
function replaceWeights(file: string): void {
  const other = new Map(
    [...readTensors(file)].map(([key, { shape, data }]) => [
      key,
      { shape, data: data.map((value) => value * 1.25) },
    ]),
  );
  const { atime, mtime } = statSync(file);
  writeTensors(`${file}.part`, other, "F32");
  utimesSync(`${file}.part`, atime, mtime);
  renameSync(`${file}.part`, file);
}

const planFor = (model: string): Plan =>
  planOfGolden("sd15", join(folder, "replaced"), readModel(model, readText, tinyRules));

it.each([
  "text_encoder/model.safetensors",
  "unet/diffusion_pytorch_model.safetensors",
  "vae/diffusion_pytorch_model.safetensors",
])("another file under the name of %s opens all anew", (file) => {
  const model = mkdtempSync(join(folder, "model-"));
  cpSync(golden("models/sd15"), model, { recursive: true });
  const before = () => replaceWeights(join(model, file));
  const run = { plan: planFor(model) };
  return check([run, run, { ...run, before }, run], [all, vae, all, vae]);
});

it("so does a link to a single file that leads to another one", () => {
  const place = mkdtempSync(join(folder, "model-"));
  const [link, one, other] = ["link", "one", "other"].map((name) =>
    join(place, `${name}.safetensors`),
  ) as [string, string, string];
  for (const file of [one, other]) writeOriginal(file, "sd15");
  replaceWeights(other);
  symlinkSync(one, link);
  const before = (): void => {
    symlinkSync(other, `${link}.new`);
    renameSync(`${link}.new`, link);
  };
  const run = { plan: planFor(link) };
  return check([run, { ...run, before }], [all, all]);
});

it("a run that fails takes its model with it", async () => {
  const models = modelKeeper({ ...surroundings, heldBytes: () => 0 });
  const stopped = { device: cpu, models, onEvent: () => {}, isCancelled: () => true };
  await expect(runPlan(one, stopped)).rejects.toThrow(/stopped as asked/);
  expect((await paint({ plan: one }, models)).parts.join(" ")).toBe(all);
  await models.close();
});
