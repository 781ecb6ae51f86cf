// Whole runs with LoRAs: what is opened again when weights change, and which picture comes of it.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan, PlannedLora } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import { exact } from "../support/answer-parts.ts";
import { identify, type LoraModel, loraFiles } from "../support/lora-fixtures.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { readTensors } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-lora-runs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const device: Device = { provider: "cpu", threads: 1, target: exact };

type Weighted = readonly [file: string, weight: number];

const planWith = (model: LoraModel, loras: readonly Weighted[]): Plan => ({
  ...planOfGolden(model, join(folder, model)),
  loras: loras.map(([file, weight]): PlannedLora => ({ ...identify(file), weight })),
});

interface Painted {
  readonly parts: string;
  readonly picture: string;
}

/** What each of the runs opens, one after the other, and its picture. */
async function paint(plans: readonly Plan[]): Promise<readonly Painted[]> {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const painted: Painted[] = [];
  for (const plan of plans) {
    const parts: string[] = [];
    const onEvent = (event: { readonly kind: string; readonly part?: string }) =>
      void (event.kind === "opening" && parts.push(event.part ?? ""));
    await runPlan(plan, { device, models, onEvent, isCancelled: () => false });
    const path = plan.prompts[0]?.outputs[0] ?? "";
    painted.push({ parts: parts.join(" "), picture: readFileSync(path, "base64") });
  }
  await models.close();
  return painted;
}

const [one = "", other = ""] = loraFiles("sd15");

/** Of two stages; the VAE is opened for each picture. */
const vae = "vae-decode vae-encode vae-decode";
const all = `text denoiser ${vae}`;

it("another weight opens the text encoder alone, which sees it too, and paints what a run by itself does", async () => {
  const weights = [0.5, 1, -0.7, 0.5];
  const plans = weights.map((weight) => planWith("sd15", [[one, weight]]));
  const painted = await paint(plans);
  expect(painted.map(({ parts }) => parts)).toEqual([
    all,
    `text ${vae}`,
    `text ${vae}`,
    `text ${vae}`,
  ]);
  const pictures = painted.map(({ picture }) => picture);
  expect(new Set(pictures).size).toBe(3);
  expect(pictures[3]).toBe(pictures[0]);
  for (const [index, plan] of plans.entries())
    expect((await paint([plan]))[0]?.picture).toBe(pictures[index]);
});

it("another weight of a LoRA of the UNet alone opens nothing but the VAE", async () => {
  const file = join(folder, "unet.safetensors");
  const ofUnet = [...readTensors(one)].filter(([key]) => key.startsWith("unet."));
  writeTensors(file, new Map(ofUnet), "F32");
  const plans = [0.2, -1].map((weight) => planWith("sd15", [[file, weight]]));
  const [first, second] = await paint(plans);
  expect([first?.parts, second?.parts]).toEqual([all, vae]);
  expect(second?.picture).not.toBe(first?.picture);
});

it("two LoRAs act together, whichever comes first, and none of them is a model of its own", async () => {
  const painted = await paint([
    planWith("sd15", []),
    planWith("sd15", [[one, 0.5]]),
    planWith("sd15", [
      [one, 0.5],
      [other, 0.5],
    ]),
    planWith("sd15", [
      [one, 0.25],
      [one, 0.25],
    ]),
  ]);
  expect(painted.map(({ parts }) => parts)).toEqual([all, all, all, all]);
  expect(new Set(painted.map(({ picture }) => picture)).size).toBeGreaterThan(2);
});

it.each(["sdxl", "sd3"] as const)("%s paints with both of its LoRAs", async (model) => {
  const files = loraFiles(model);
  const [plain, changed] = await paint([
    planWith(model, []),
    planWith(
      model,
      files.map((file): Weighted => [file, 0.3]),
    ),
  ]);
  expect(changed?.picture).not.toBe(plain?.picture);
});

it("a LoRA that was written after the run was planned is refused", async () => {
  const file = join(folder, "moving.safetensors");
  copyFileSync(one, file);
  const plan = planWith("sd15", [[file, 1]]);
  utimesSync(file, 1, 1);
  await expect(paint([plan])).rejects.toMatchObject({
    code: "weights.lora",
    message: expect.stringMatching(/must be as it was when the run was planned/),
  });
});
