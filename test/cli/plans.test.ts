// What planning says and decides on the way: texts that are too long, seeds that are drawn.
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { type Ended, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";

const cwd = openWorkplace();
const plan = (...args: readonly string[]): Promise<Ended> => frecas(["plan", ...args], { cwd });

const long = `${"a calm lake ".repeat(24)}END and more`;

beforeAll(() => {
  write(join(cwd, "long.frecas"), tinyRecipe().replace(/^prompt: .*$/m, `prompt: ${long}`));
  write(join(cwd, "short.frecas"), tinyRecipe(`negative: ${"lake ".repeat(70)}`));
  write(join(cwd, "random.frecas"), tinyRecipe("seed: random\ncompare: [{ guidance: 2 }]"));
});

it("a prompt that is too long is said to be cut, with the words that are lost", async () => {
  const { code, err } = await plan("long.frecas");
  expect(err).toMatch(
    /prompt 1: must fit into 75 tokens, got more, so it is cut before ".*and more"/,
  );
  expect(code).toBe(0);
});

it("a text that fits is not talked about", async () => {
  expect((await plan("short.frecas")).err).toBe("");
});

it("a random seed is drawn once for a recipe and all it is compared with", async () => {
  const { out } = await plan("random.frecas", "--json");
  const plans = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(plans).toHaveLength(2);
  expect(new Set(plans.map(({ prompts }) => prompts[0].seed)).size).toBe(1);
  expect(plans[0].recipe).toContain(`seed: ${plans[0].prompts[0].seed}`);
});
