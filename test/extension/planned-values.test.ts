// What the plan gives to keys of the recipe at the cursor, ‸, for the models that are in the checkout.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { plannedValues, recipeAround } from "../../extension/server/planned-values.ts";
import { atCursor, recipeOf } from "./recipe-text.ts";

const sdxl = readModel(join(import.meta.dirname, "../goldens/models/sdxl"), readModelText);
const vista = readModel(join(import.meta.dirname, "../../media/models/vista"), readModelText);

function check(
  marked: string,
  expected: Readonly<Record<string, string>> | undefined,
  model = vista,
): void {
  const { text, offset } = atCursor(marked);
  const recipe = recipeAround(recipeOf(text), offset);
  const values = recipe && plannedValues(recipe, model);
  if (expected === undefined) expect(values).toBeUndefined();
  else expect(values).toMatchObject(expected);
}

it("keys that are not written have the values of the model's preset", () =>
  check("prompt: a\nsize: 5‸12\n", {
    gamma: "3",
    frequency_guidance: "{ high: 8, low: 3 }",
    attention_reuse: "0.5",
    guidance: "3",
    size: "512",
    stages:
      "{ size: 128, steps: 30, until: 100 }, { size: 256, steps: 12, until: 20 }, { size: 512, steps: 8, until: 0 }",
  }));

it("keys that are written, here or in the recipe that is extended, keep their values", () =>
  check("name: a\nprompt: x\ngamma: 2\n---\nname: b\nextends: a\nguidance: 5‸\n", {
    gamma: "2",
    guidance: "5",
  }));

it("the recipe is the one at the cursor", () =>
  check("prompt: x\ngamma: 2\n---\nprompt: y\ngamma: 4‸\n", { gamma: "4" }));

it("a recipe with errors, and one that a sweep makes several of, has no values", () => {
  check("prompt: x\ngamma: n‸o\n", undefined);
  check("prompt: x\nsweep: { gamma: [1, ‸2] }\n", undefined);
});

it("keys of another method have the values of its preset", () => {
  const recipe = "prompt: x\nmethod: demofusion\ndemofusion: { sig‸ma: 1 }\n";
  const settings = "sigma: 1, sampler: euler, windows_at_once: 16 }";
  check(
    recipe,
    {
      method: "demofusion",
      size: "128",
      guidance: "7.5",
      demofusion: `{ steps: 50, stride: 4, cosine_scales: [3, 1, 1], ${settings}`,
    },
    sdxl,
  );
  check(recipe, {});
});

it("a recipe that does not fit the model has none", () => {
  const { text } = atCursor("prompt: x\nsize: 100000\n");
  expect(recipeAround(recipeOf(text), 0)).toBeUndefined();
  check("prompt: x\nsize: ‸8\n", {});
});
