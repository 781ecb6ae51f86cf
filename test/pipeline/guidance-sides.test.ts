// Guidance's sides in one call or in two, attention whole or in slices: the same run either way, and the same every time.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { GraphTarget } from "../../daemon/graph/graph-builder.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { GuidanceSides, Plan } from "../../daemon/plan/plan.ts";
import type { StepRecord } from "../../daemon/sampler/sample.ts";
import { difference } from "../support/compare.ts";
import { planOfGolden, readText } from "../support/published-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-sides-"));
afterAll(() => rmSync(folder, { recursive: true }));

const exact = { precision: "float32", attention: "fused" } as const;

async function recordsOf(plan: Plan, target: GraphTarget = exact): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = [];
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  await runPlan(plan, {
    models,
    device: { provider: "cpu", threads: 2, target },
    onEvent: () => {},
    onStep: (record) => records.push(record),
    isCancelled: () => false,
  });
  await models.close();
  return records;
}

const withSides = (plan: Plan, sides: GuidanceSides): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => ({ ...stage, sides })),
});

/** Largest difference of any step's latent or maps. */
const apart = (a: readonly StepRecord[], b: readonly StepRecord[]): number => {
  expect(a.length).toBe(b.length);
  const tensors = ({ latent, maps }: StepRecord): readonly Tensor[] =>
    maps === null ? [latent] : [latent, maps.map];
  return Math.max(
    ...a.flatMap((record, index) =>
      tensors(record).map((tensor, which) =>
        difference(tensors(b[index] as StepRecord)[which], tensor),
      ),
    ),
  );
};

const pictureOf = (plan: Plan): Buffer => readFileSync(plan.prompts[0]?.outputs[0] as string);

it.each(["sd15", "sdxl", "sd3"])(
  "%s: two calls a step give what one call gives, maps included, and the same bytes again",
  async (name) => {
    const plan = planOfGolden(name, join(folder, name));
    const together = await recordsOf(withSides(plan, "together"));
    expect(together.some(({ maps }) => maps !== null)).toBe(true);
    expect(apart(together, await recordsOf(withSides(plan, "apart")))).toBeLessThan(1e-5);
    const first = pictureOf(plan);
    await recordsOf(withSides(plan, "apart"));
    expect(pictureOf(plan).equals(first)).toBe(true);
  },
);

it.each(["sd21", "sd35-corrected"])(
  "%s: attention in slices gives what all of it at once gives, maps included",
  async (name) => {
    const plan = planOfGolden(name, join(folder, name));
    const decomposed = { ...exact, attention: "decomposed" } as const;
    const whole = await recordsOf(plan, decomposed);
    const sliced = await recordsOf(plan, { ...decomposed, scoresAtOnce: 3000 });
    expect(apart(whole, sliced)).toBeLessThan(1e-5);
  },
);
