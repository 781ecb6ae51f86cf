// What is told of recipes that this machine has no plan for: the key, how grave it is, and each thing once.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { checkModels } from "../../daemon/catalogue/check-models.ts";
import { openModelFinder } from "../../daemon/catalogue/find-model.ts";
import { checkPlans } from "../../daemon/planner/check-plans.ts";
import { machineOf } from "../../daemon/planner/machine.ts";
import { planRecipes } from "../../daemon/planner/plan-recipes.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { loraFixture } from "../support/lora-fixtures.ts";
import { golden } from "../support/read-golden.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-check-"));
afterAll(() => rmSync(folder, { recursive: true }));
const root = join(import.meta.dirname, "../..");
const env = { HOME: folder, XDG_CACHE_HOME: folder };
const machine = machineOf(root, { env, cwd: folder, platform: process.platform });

cpSync(golden("models/sd15"), join(folder, "cut"), { recursive: true });
rmSync(join(folder, "cut/vae/config.json"));
cpSync(loraFixture("sd15-kohya.safetensors"), join(folder, "sd15.safetensors"));
writeFileSync(join(folder, "pickle.pt"), "");
writeFileSync(join(folder, "page.png"), "<!DOCTYPE html>");

/** Line, column, severity and the sentence's beginning of each problem. */
async function check(text: string, expected: readonly unknown[]): Promise<void> {
  const { recipes, problems } = parseRecipes(text, join(folder, "a.frecas"), () => undefined);
  expect(problems).toEqual([]);
  const finder = openModelFinder(machine.places);
  const whyNot = (recipe: Recipe): Promise<Failure | null> =>
    planRecipes([{ ...recipe, compare: [] }], folder, { ...machine, finder, warn: () => {} }).then(
      () => null,
      (error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      },
    );
  const told = await checkModels(recipes, folder, finder);
  const shown = (await checkPlans(recipes, whyNot, told)).map(({ range, severity, message }) => {
    const { line, column } = range.start;
    return `${line}:${column} ${severity} ${message.replaceAll(folder, "")}`;
  });
  expect(shown).toEqual(expected);
}

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const sdxl = `model: ${golden("models/sdxl")}\nprompt: a\nsize: 128\n`;

it("a recipe with a plan has none", () => check("prompt: a\nsize: 256\n", []));

it.each<readonly [string, string, RegExp]>([
  [
    "a LoRA that is not there",
    "prompt: a\nlora: [{ file: none.safetensors }]\n",
    /^1:6 warning lora \/none\.safetensors: must be a \.safetensors file that is there/,
  ],
  [
    "a LoRA of another model",
    `${sdxl}lora: [sd15.safetensors]\n`,
    /^3:6 warning lora \/sd15\.safetensors: /,
  ],
  [
    "a LoRA in another format",
    `${sdxl}lora: [pickle.pt]\n`,
    /^3:6 warning weights \/pickle\.pt: must be a \.safetensors file, got a pickle/,
  ],
  [
    "a picture that is not there",
    "prompt: a\nsize: 256\ninit: { image: none.png }\n",
    /^2:6 warning picture \/none\.png: must be a file that can be read, got none/,
  ],
  [
    "a picture that is none",
    "prompt: a\nsize: 256\ninit: { image: page.png }\n",
    /^2:6 warning picture \/page\.png: must be a PNG or JPEG file, got a web page/,
  ],
  [
    "a model without one of its configs",
    "model: ./cut\nprompt: a\n",
    /^0:7 warning model \/cut: must hold vae\/config\.json/,
  ],
  [
    "a key that is not for the model",
    "prompt: a\nmethod: demofusion\n",
    /^1:8 error method: demofusion is for/,
  ],
])("%s is told of at its key", (_, text, expected) => check(text, [matching(expected)]));

it.each([
  ["that is not there", "none"],
  ["in another format", "./pickle.pt"],
  ["that lies beside the recipe", "cut"],
])("a model %s is told of once", (_, model) =>
  check(`model: ${model}\nprompt: a\n`, [matching(/^0:7 warning /)]),
);

it("what a change cannot be painted with is told of at the change, as a warning", () =>
  check("prompt: a\ncompare: [{ lora: [none.safetensors] }, { method: demofusion }]\n", [
    matching(/^1:18 warning lora /),
    matching(/^1:\d+ warning method: /),
  ]));
