// Where the pictures of a recipe go that is painted again with another seed.
import { expect, it } from "vitest";
import type { Plan } from "../../../daemon/plan/plan.ts";
import { withSeedInNames } from "../../../extension/runs/new-places.ts";

it.each([
  ["/r/a.b/dawn.png", "/r/a.b/dawn.seed-41.png"],
  ["/r/a.b/dawn", "/r/a.b/dawn.seed-41"],
  ["/r/41/dawn.141.png", "/r/41/dawn.141.seed-41.png"],
  ["C:\\r\\dawn.png", "C:\\r\\dawn.seed-41.png"],
  ["/r/dawn-41.png", "/r/dawn-41.png"],
])("%s, painted with the seed 41, is %s", (path, expected) => {
  const plan = { prompts: [{ seed: 41, outputs: [path] }] } as unknown as Plan;
  expect(withSeedInNames(plan).prompts).toEqual([{ seed: 41, outputs: [expected] }]);
});
