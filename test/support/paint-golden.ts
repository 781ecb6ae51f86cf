// Golden runs, as the tests want them back: each step's record, the latents, the pixels.
import { readFileSync } from "node:fs";
import { decodePng } from "../../daemon/image/read-png.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import type { StepRecord } from "../../daemon/sampler/sample.ts";
import { exact } from "./answer-parts.ts";
import { tinyRules } from "./original-layout.ts";
import { readText } from "./published-run.ts";

/** As the goldens were made. */
export const cpu: Device = { provider: "cpu", threads: 2, target: exact };

/** Of each step. Single files are taken for ones of the tests' tiny models. */
export async function recordsOf(plan: Plan): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = [];
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0, rules: tinyRules });
  await runPlan(plan, {
    models,
    device: cpu,
    onEvent: () => {},
    onStep: (record) => records.push(record),
    isCancelled: () => false,
  });
  await models.close();
  return records;
}

/** Each step's latent, and the pixels of the first picture. */
export async function paintPlan(
  plan: Plan,
): Promise<{ readonly latents: readonly Float32Array[]; readonly pixels: Buffer }> {
  const latents = (await recordsOf(plan)).map(({ latent }) => latent.data);
  const path = plan.prompts[0]?.outputs[0] ?? "";
  return { latents, pixels: Buffer.from(decodePng(readFileSync(path), path).rgb) };
}
