// Fixes of a cascade, taken on the problems that are told of the text.
import { expect, it } from "vitest";
import { invalidRecipe } from "../../daemon/base/failure.ts";
import type { Problem } from "../../daemon/base/problem.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { diagnose } from "../../extension/server/diagnose.ts";
import { mendStages } from "../../extension/server/mend-stages.ts";
import { applied, recipeOf } from "./recipe-text.ts";

const machine = {
  models: { check: async (): Promise<readonly Problem[]> => [] },
  plans: { plan: async () => ({ kind: "refused", failure: invalidRecipe("") }) as const },
  isStale: () => false,
};

/** The text once its only fix is taken, which leaves it without a problem; undefined where there is none. */
function check(text: string, expected: string | undefined): void {
  const { ofText } = diagnose(recipeOf(text), machine);
  const actions = mendStages(recipeOf(text), ofText, "file:///r.frecas");
  expect(actions.length).toBe(expected === undefined ? 0 : 1);
  if (expected === undefined) return;
  const written = applied(text, actions[0]?.edit?.changes?.["file:///r.frecas"] ?? []);
  expect(written).toBe(expected);
  expect(parseRecipes(written, "/r.frecas", () => undefined).problems).toEqual([]);
}

it("a last stage that ends above 0 gets one behind it", () => {
  check(
    "prompt: a\nstages:\n  - { size: 128, steps: 30, until: 100 } # small\nseed: 1\n",
    "prompt: a\nstages:\n  - { size: 128, steps: 30, until: 100 } # small\n  - { size: 256, steps: 10 }\nseed: 1\n",
  );
  check(
    "prompt: a\nsize: 1024x512\nstages: [{ size: 256x128, steps: 30, until: 100 }]\n",
    "prompt: a\nsize: 1024x512\nstages: [{ size: 256x128, steps: 30, until: 100 }, { size: 1024x512, steps: 10 }]\n",
  );
});

it("a size that no stage has gets one, and the stage before it an end", () => {
  check(
    "prompt: a\nsize: 512\nstages:\n  - { size: 128, steps: 30, until: 100 }\n  - { size: 256, steps: 12 }\n",
    "prompt: a\nsize: 512\nstages:\n  - { size: 128, steps: 30, until: 100 }\n  - { size: 256, steps: 12, until: 200 }\n  - { size: 512, steps: 10 }\n",
  );
  check(
    "prompt: a\nstages:\n- size: 128\n  steps: 30\nsize: 512\n",
    "prompt: a\nstages:\n- size: 128\n  steps: 30\n  until: 200\n- { size: 512, steps: 10 }\nsize: 512\n",
  );
});

it("a last stage that says that it ends at 0 says when it ends instead", () => {
  check(
    "prompt: a\nsize: 1024\nstages:\n  - { size: 256, steps: 30, until: 100 }\n  - { size: 512, steps: 8, until: 0 }\n",
    "prompt: a\nsize: 1024\nstages:\n  - { size: 256, steps: 30, until: 100 }\n  - { size: 512, steps: 8, until: 200 }\n  - { size: 1024, steps: 10 }\n",
  );
  check(
    "prompt: a\nsize: 512\nstages:\n- size: 128\n  until: 0 # the end\n  steps: 30\n",
    "prompt: a\nsize: 512\nstages:\n- size: 128\n  until: 200 # the end\n  steps: 30\n- { size: 512, steps: 10 }\n",
  );
});

it("a stage in the middle gets the timestep at which it ends", () =>
  check(
    "name: a\nprompt: b\n---\nprompt: a\nstages:\n  - { size: 128, steps: 30 }\n  - { size: 256, steps: 12 }\n",
    "name: a\nprompt: b\n---\nprompt: a\nstages:\n  - { size: 128, steps: 30, until: 200 }\n  - { size: 256, steps: 12 }\n",
  ));

it("a size that is smaller than the last stage, and other mistakes, are not mended so", () => {
  check("prompt: a\nsize: 64\nstages: [{ size: 128, steps: 30 }]\n", undefined);
  check("prompt: a\nstages: [{ size: no, steps: 30 }]\n", undefined);
  check("prompt: a\nsede: 1\n", undefined);
});
