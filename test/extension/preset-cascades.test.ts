// Stages of the presets, proposed at the cursor, ‸, by the models that are in the checkout.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { complete } from "../../extension/server/complete.ts";
import { cascadesAt } from "../../extension/server/preset-cascades.ts";
import { applied, atCursor, recipeOf } from "./recipe-text.ts";

const vista = readModel(join(import.meta.dirname, "../../media/models/vista"), readModelText);
const models = { configOf: async () => vista };

async function propose(marked: string) {
  const { text, offset } = atCursor(marked);
  const cascades = await cascadesAt(recipeOf(text), offset, models);
  return { text, items: complete(recipeOf(text), offset, { models: [], cascades }) };
}

/** Labels of the presets' cascades. */
async function check(marked: string, expected: readonly string[]): Promise<void> {
  const { items } = await propose(marked);
  const fromPresets = items.filter(({ detail = "" }) => detail.startsWith("preset"));
  expect(fromPresets.map(({ label }) => label)).toEqual(expected);
}

it("a recipe without a size is offered the usual cascade and the presets' others", async () => {
  const all = ["128 → 256 → 512", "128 → 256", "128 → 256 → 512 → 1024"];
  await check("prompt: a\nstages: ‸\n", all);
  await check("prompt: a\nstages:\n  ‸\nseed: 1\n", all);
});

it("a recipe with a size is offered the cascade for that one", async () => {
  await check("prompt: a\nsize: 256x512\nstages: ‸\n", ["128x256 → 256x512"]);
  await check("name: a\nprompt: x\nsize: 256\n---\nname: b\nextends: a\nstages:\n  ‸\n", [
    "128 → 256",
  ]);
});

it("nothing is offered elsewhere, in changes, for another method and in a recipe with errors", async () => {
  await check("prompt: a\nsize: ‸\n", []);
  await check("prompt: a\ncompare: [{ stages: ‸ }]\n", []);
  await check("prompt: a\nmethod: direct\nstages: ‸\n", []);
  await check("prompt: a\nsede: 1\nstages: ‸\n", []);
  await check("prompt: a\nstages:\n  - { size: ‸ }\n", []);
});

it("a cascade that is taken is a recipe", async () => {
  const { text, items } = await propose("prompt: a\nsize: 512\nstages: ‸\n");
  const edit = items[0]?.textEdit;
  if (edit === undefined || !("range" in edit)) throw new Error("nothing is proposed");
  const written = applied(text, [edit]);
  expect(written).toBe(
    "prompt: a\nsize: 512\nstages: [{ size: 128, steps: 30, until: 100 }, { size: 256, steps: 12, until: 20 }, { size: 512, steps: 8 }]\n",
  );
  expect(parseRecipes(written, "/r.frecas", () => undefined).problems).toEqual([]);
});
