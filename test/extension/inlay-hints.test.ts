// What stands beside the text of a recipe, ‹here›, by the model that is in the checkout.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { machineOf } from "../../daemon/planner/machine.ts";
import { findHints } from "../../extension/server/find-hints.ts";
import { openKnownModels } from "../../extension/server/known-models.ts";
import { rememberPlans } from "../../extension/server/remember-plans.ts";
import { rememberTokenizers } from "../../extension/server/remember-tokenizers.ts";
import { recipeOf } from "./recipe-text.ts";

const home = mkdtempSync(join(tmpdir(), "frecas-hints-"));
afterAll(() => rmSync(home, { recursive: true }));
const machine = machineOf(join(import.meta.dirname, "../.."), {
  env: { XDG_CACHE_HOME: home },
  cwd: home,
  platform: "linux",
});
mkdirSync(dirname(machine.profile), { recursive: true });
const rate = { gflopsText: 100, gflopsDenoiser: 100, gflopsVae: 100 };
writeFileSync(machine.profile, JSON.stringify({ rate }));
const sources = {
  plans: rememberPlans(machine),
  models: openKnownModels(machine.places),
  tokenizer: rememberTokenizers(machine.places.words),
};

/** `expected` is the text with its hints in it; those of time, which rounding decides, are compared by their shape. */
async function check(expected: string, lines = [0, 999]): Promise<void> {
  const text = expected.replace(/‹[^›]*›/g, "");
  const [first = 0, last = 0] = lines;
  const shown = { start: { line: first, character: 0 }, end: { line: last, character: 0 } };
  const hints = await findHints(recipeOf(text), shown, sources);
  const rows = text.split("\n");
  for (const { position, label } of hints.toReversed()) {
    const row = rows[position.line] ?? "";
    const said = String(label).replace(/^~[\d.]+ (s|min)$/, "~time");
    rows[position.line] =
      `${row.slice(0, position.character)}‹${said}›${row.slice(position.character)}`;
  }
  expect(rows.join("\n")).toBe(expected);
}

it("stages have their timesteps, prompts their tokens, the size how long it takes", () =>
  check(`prompt: a calm lake at dawn‹7 / 77 tokens›
size: 256‹~time› # small
stages:
  - { size: 128, steps: 3, until: 100 }‹t 999 → 100›
  - size: 256‹t 346›
    steps: 1
negative: dawn‹3 / 77 tokens›
`));

it("without a size the time stands behind the first line", () =>
  check(`# one
prompt:‹~time›
  - "a calm lake at dawn"‹7 / 77 tokens›
  - |
    snowy mountains behind a calm
    lake at dawn, a pink sky‹14 / 77 tokens›
gamma: 2
`));

it("a prompt that is cut is counted to its end", () =>
  check(`size: 128‹~time›\nprompt: ${"lake ".repeat(99)}lake‹102 / 77 tokens›\n`));

it("recipes with errors, swept ones, and those that are not shown have none", async () => {
  await check("prompt: a\nseed: no\n");
  await check("prompt: a\nsize: 7\n");
  await check("prompt: a\nsweep: { seed: [1, 2] }\n");
  await check("prompt: a\nmodel: nowhere-at-all\n");
  await check("# nothing\n");
  await check("prompt: a\n---\nname: b\nprompt: dawn‹3 / 77 tokens›\nsize: 128‹~time›\n", [2, 4]);
});

it("stages that another method does not paint have no timesteps", () =>
  check(
    "prompt: dawn‹3 / 77 tokens›\nmethod: direct\nsize: 256‹~time›\nstages: [{ size: 128, steps: 2, until: 90 }, { size: 256, steps: 1 }]\n",
  ));
