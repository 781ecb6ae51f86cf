// What is told of the plans of a recipe file, made on this machine by the model that is in the checkout.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { encodePng } from "../../daemon/image/write-png.ts";
import { machineOf } from "../../daemon/planner/machine.ts";
import { documentAt, documentsOf } from "../../extension/plan-request/recipe-documents.ts";
import { planText } from "../../extension/server/plan-text.ts";
import { rememberPlans } from "../../extension/server/remember-plans.ts";
import { recipeOf } from "./recipe-text.ts";

const home = mkdtempSync(join(tmpdir(), "frecas-plans-"));
afterAll(() => rmSync(home, { recursive: true }));
const machine = machineOf(join(import.meta.dirname, "../.."), {
  env: { XDG_CACHE_HOME: home },
  cwd: home,
  platform: "linux",
});
const plans = rememberPlans(machine);

async function told(text: string) {
  const recipes = await planText(recipeOf(text), { plans, isStale: () => false });
  return recipes ?? [];
}

/** Lines from its beginning to its first key, name, and the last stage's size or why there is no plan. */
async function check(text: string, expected: readonly string[]): Promise<void> {
  const shown = (await told(text)).map((recipe) => {
    const { name, fromLine, line } = recipe;
    const what =
      recipe.kind === "refused" ? recipe.why : `${recipe.plan.stages.at(-1)?.size.width} px`;
    return `${fromLine}–${line} ${name}: ${what}`;
  });
  expect(shown).toEqual(expected);
}

it("every recipe has its lines and its plan", () =>
  check("# two\nprompt: a\nsize: 256\n\n---\nname: b\nprompt: c\n", [
    "0–1 dawn: 256 px",
    "4–5 b: 512 px",
  ]));

it("a recipe that is refused hides no other one", () =>
  check("prompt: a\nsize: 8\n---\nname: b\nprompt: c\ngamma: no\n---\nname: c\nprompt: d\n", [
    expect.stringMatching(/^0–0 dawn: .*8/),
    expect.stringMatching(/^2–3 b: gamma: must be a number/),
    "6–7 c: 512 px",
  ]));

it("a sweep gives a plan for each of its values, in one place", () =>
  check("prompt: a\nsweep: { size: [256, 512] }\n", ["0–0 dawn-1: 256 px", "0–0 dawn-2: 512 px"]));

it("a text without recipes has no plans", () => check("# nothing yet\n", []));

it("what is compared is named, and warnings stand without the recipe's name", async () => {
  const [recipe] = await told(
    "prompt: a\nprecision: fp16\ncompare: [{ method: direct }, { gamma: 2 }]\n",
  );
  expect(recipe).toMatchObject({
    compares: ["dawn-compare-1", "dawn-compare-2"],
    warnings: [expect.stringMatching(/^precision: fp16 needs a GPU/)],
  });
});

it("a recipe that lacks a file has its plan once that is there", async () => {
  const path = join(home, "lake.png");
  const text = `prompt: a\ninit: { image: ${path} }\n`;
  await check(text, [expect.stringContaining("lake.png")]);
  const rgb = new Uint8Array(128 * 128 * 3);
  writeFileSync(path, await encodePng({ width: 128, height: 128, rgb }, {}));
  await check(text, ["0–0 dawn: 512 px"]);
});

it("a text that changes meanwhile is not planned to its end", async () => {
  const stale = planText(recipeOf("prompt: a\n"), { plans, isStale: () => true });
  expect(await stale).toBeUndefined();
});

it("time is told once this machine has been measured", async () => {
  const text = "prompt: a\nsize: 128\n";
  expect(await told(text)).toMatchObject([{ seconds: null }]);
  mkdirSync(join(machine.profile, ".."), { recursive: true });
  const rate = { gflopsText: 1, gflopsDenoiser: 1, gflopsVae: 1 };
  writeFileSync(machine.profile, JSON.stringify({ rate }));
  const [recipe] = await told(text);
  if (recipe?.kind !== "planned") throw new Error("the recipe is refused");
  expect(recipe.seconds).toBeCloseTo(recipe.plan.cost.total / 1e9);
});

it("a recipe is planned anew when files may have changed or some time has passed", async () => {
  let nowMs = 0;
  const remembered = rememberPlans(machine, () => nowMs);
  const text = recipeOf("prompt: a\n");
  const plan = async () => {
    const [recipe] = (await planText(text, { plans: remembered, isStale: () => false })) ?? [];
    return recipe?.kind === "planned" ? recipe.plan : undefined;
  };
  const first = await plan();
  expect(await plan()).toBe(first);
  remembered.forget();
  const second = await plan();
  expect(second).not.toBe(first);
  nowMs = 60_000;
  const third = await plan();
  expect(third).not.toBe(second);
  utimesSync(machine.profile, 1, 1);
  expect(await plan()).not.toBe(third);
});

it("a recipe is planned for the memory that the machine has for a run", async () => {
  const remembered = rememberPlans({ ...machine, availableBytes: () => 2 ** 50 });
  const asked = { plans: remembered, isStale: () => false };
  expect(await planText(recipeOf("prompt: a\n"), asked)).toMatchObject([
    { kind: "planned", availableBytes: 2 ** 50, plan: { memory: { advice: null } } },
  ]);
});

it.each([
  ["prompt: a\n--- { name: b, prompt: c }\n", ["0–0 dawn: 512 px", "1–1 b: 512 px"]],
  ["prompt: a\n...\n# b\n---\nname: b\nprompt: c\n", ["0–0 dawn: 512 px", "1–4 b: 512 px"]],
  ["# none\n---\nprompt: a\n", ["1–2 dawn: 512 px"]],
])("a recipe begins at its dashes, or behind the one before: %j", (text, expected) =>
  check(text, expected),
);

it("a line belongs to the recipe that begins above it, comments included, the first lines to the first one", async () => {
  const recipes = await told(
    "# first\nprompt: a\nsweep: { seed: [1, 2] }\n# still a\n---\n# b\n\nname: b\nprompt: c\n",
  );
  const documents = documentsOf(recipes);
  const names = [0, 2, 3, 4, 5, 7, 99].map((line) => documentAt(documents, line)?.name);
  expect(names).toEqual(["dawn", "dawn", "dawn", "b", "b", "b", "b"]);
  expect(documentAt([], 0)).toBeUndefined();
});
