// Golden runs with a model given as a config, for tests that hold one form of a model against another.
import { readFileSync } from "node:fs";
import { decodePng } from "../../daemon/image/read-png.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import { exact } from "./answer-parts.ts";
import { tinyRules } from "./original-layout.ts";
import { readText } from "./published-run.ts";

/** As the goldens were made. */
export const cpu: Device = { provider: "cpu", threads: 2, target: exact };

/** Each step's latent, and the pixels of the first picture. Single files are taken for ones of the tests' tiny models. */
export async function paintPlan(
  plan: Plan,
): Promise<{ readonly latents: readonly Float32Array[]; readonly pixels: Buffer }> {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0, rules: tinyRules });
  const latents: Float32Array[] = [];
  await runPlan(plan, {
    models,
    device: cpu,
    onEvent: () => {},
    onStep: ({ latent }) => latents.push(latent.data),
    isCancelled: () => false,
  });
  await models.close();
  const path = plan.prompts[0]?.outputs[0] ?? "";
  return { latents, pixels: Buffer.from(decodePng(readFileSync(path), path).rgb) };
}
