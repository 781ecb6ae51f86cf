// Pictures do not depend on the cache of prepared networks: none, a cold one and a warm one give the same bytes, whatever
// the model and the type its weights are stored in. Each keeper with a cache of its own stands for a process.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readModel } from "../../daemon/config/read-model.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { type NetworkCache, networkCache, noCache } from "../../daemon/runtime/network-cache.ts";
import { exact, type GoldenModel } from "../support/answer-parts.ts";
import { rewriteModel } from "../support/model-folder.ts";
import { type SingleFileModel, tinyRules, writeOriginal } from "../support/original-layout.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { golden } from "../support/read-golden.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-kept-"));
afterAll(() => rmSync(workplace, { recursive: true }));

/** What a process makes of a plan: its pictures, and what became of its networks in the cache. */
async function paint(plan: Plan, cache: NetworkCache) {
  const models = modelKeeper({
    readText,
    wordsFolder: "",
    heldBytes: () => 0,
    rules: tinyRules,
    cache,
  });
  const told: string[] = [];
  await runPlan(plan, {
    device: { provider: "cpu", threads: 1, target: exact },
    models,
    onEvent: (event) => {
      if (event.kind === "cache") told.push(`${event.state} ${event.part}${event.note}`);
    },
    isCancelled: () => false,
  });
  await cache.settle();
  await models.close();
  const outputs = plan.prompts.flatMap((prompt) => prompt.outputs);
  return { pictures: outputs.map((path) => readFileSync(path, "hex")), told: told.sort() };
}

async function check(plan: Plan): Promise<void> {
  const folder = mkdtempSync(join(workplace, "cache-"));
  const place = { folder, limitBytes: 1e9, leastWeightBytes: 0 };
  const { pictures } = await paint(plan, noCache);
  const runs = [];
  for (let run = 0; run < 3; run += 1)
    runs.push(
      await paint(plan, networkCache(place, { now: () => new Date(), availableBytes: () => 1e9 })),
    );
  const decodings = plan.stages.length;
  const each = (state: string) => [
    `${state} denoiser`,
    `${state} vae-decode`,
    ...(decodings > 1 ? [`${state} vae-encode`] : []),
  ];
  const used = [
    "used denoiser",
    ...Array<string>(decodings).fill("used vae-decode"),
    ...Array<string>(decodings - 1).fill("used vae-encode"),
  ];
  // A part of the VAE that is opened again in the same run is there by then.
  const again = used.filter((told, index) => used.indexOf(told) !== index);
  const kept = [...each("saved"), ...each("saving"), ...again].sort();
  expect(runs.map(({ told }) => told)).toEqual([[], kept, used]);
  for (const run of runs) expect(run.pictures).toEqual(pictures);
}

const planOf = (model: string, run: string): Plan =>
  planOfGolden(run, mkdtempSync(join(workplace, "out-")), readModel(model, readText, tinyRules));

it.each(["sd15", "sd21", "sdxl", "sd3", "sd35-corrected"])(
  "%s paints the same with no cache, a cold and a warm one",
  (run) => check(planOfGolden(run, mkdtempSync(join(workplace, "out-")))),
);

it.each(["F16", "BF16"] as const)("so does a model stored as %s", (dtype) => {
  const model: GoldenModel = "sd15";
  const folder = join(workplace, dtype);
  cpSync(golden(`models/${model}`), folder, { recursive: true });
  rewriteModel(folder, model, { dtype });
  return check(planOf(folder, model));
});

it.each<SingleFileModel>(["sd15"])("so does %s in a single file", (model) => {
  const file = join(workplace, "single", model, "model.safetensors");
  writeOriginal(file, model);
  return check(planOf(file, model));
});

it("a network that was kept for one call a step serves two as well: its graph is the same", async () => {
  const plan = planOfGolden("sd15", mkdtempSync(join(workplace, "out-")));
  const stages = plan.stages.map((stage) => ({ ...stage, sides: "apart" as const }));
  const apart: Plan = { ...plan, stages };
  const place = {
    folder: mkdtempSync(join(workplace, "cache-")),
    limitBytes: 1e9,
    leastWeightBytes: 0,
  };
  const cache = () => networkCache(place, { now: () => new Date(), availableBytes: () => 1e9 });
  const { pictures } = await paint(apart, noCache);
  for (let run = 0; run < 2; run += 1) await paint(plan, cache());
  const kept = await paint(apart, cache());
  expect(kept.told).toContain("used denoiser");
  expect(kept.pictures).toEqual(pictures);
});
