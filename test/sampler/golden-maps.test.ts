// The maps that whole runs hand from stage to stage against the published code's, within 1e-4.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, expect, it } from "vitest";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { AttentionMap } from "../../daemon/sampler/attention-maps.ts";
import { exact } from "../support/answer-parts.ts";
import { farthest } from "../support/compare.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { readGolden } from "../support/read-golden.ts";

const folder = mkdtempSync(`${tmpdir()}/golden-maps-`);
afterAll(() => rmSync(folder, { recursive: true }));

const device = { provider: "cpu", threads: 1, target: exact } as const;

async function check(name: string): Promise<void> {
  const collected: AttentionMap[] = [];
  const plan = planOfGolden(name, folder);
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  await runPlan(plan, {
    device,
    models,
    onEvent: () => {},
    isCancelled: () => false,
    onStep: ({ maps }) => {
      if (maps !== null) collected.push(maps);
    },
  });
  await models.close();
  const expected = [...readGolden(`run-${name}.safetensors`)]
    .filter(([key]) => key.startsWith("camap"))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, map]) => map);
  expect(expected.length).toBe(plan.stages.length - 1);
  expect(collected.length).toBe(expected.length);
  for (const [index, map] of expected.entries())
    expect(farthest(collected[index]?.map, map), `camap${index}`).toBeLessThan(1e-4);
}

it.each(["sd15", "sd21", "sd21-corrected", "sd21v"])(
  "the maps of run-%s are those of the published code",
  check,
);
