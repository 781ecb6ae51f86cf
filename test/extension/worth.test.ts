// What hover tells of the key at the cursor, ‸, in its recipe, by the model that is in the checkout.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { machineOf } from "../../daemon/planner/machine.ts";
import { pointAt } from "../../extension/server/hover.ts";
import { recipeAround } from "../../extension/server/planned-values.ts";
import { rememberPlans } from "../../extension/server/remember-plans.ts";
import { type Worth, worthOf } from "../../extension/server/worth.ts";
import { atCursor, recipeOf } from "./recipe-text.ts";

const root = join(import.meta.dirname, "../..");
const vista = readModel(join(root, "media/models/vista"), readModelText);
const home = mkdtempSync(join(tmpdir(), "frecas-worth-"));
afterAll(() => rmSync(home, { recursive: true }));
const env = { XDG_CACHE_HOME: home };
const plans = rememberPlans(machineOf(root, { env, cwd: home, platform: "linux" }));

async function check(marked: string, expected: Worth): Promise<void> {
  const { text, offset } = atCursor(marked);
  const pointed = pointAt(recipeOf(text), offset);
  const recipe = recipeAround(recipeOf(text), offset);
  if (pointed === undefined || recipe === undefined)
    throw new Error("there is no key or no recipe");
  const outcome = await plans.plan(recipe, "/recipes");
  const plan = outcome.kind === "planned" ? outcome.plan : undefined;
  expect(worthOf(pointed, recipe, vista, plan)).toMatchObject(expected);
}

it("a key has its own value, and the one of the model's preset", async () => {
  await check("prompt: a\ngam‸ma: 2\n", { here: "2", usual: "3", model: "vista" });
  await check("prompt: a\nsi‸ze: 256\n", { here: "256", usual: "512", model: "vista" });
  await check("prompt: a\nstag‸es: [{ size: 128, steps: 9 }]\n", {
    here: "{ size: 128, steps: 9, until: 0 }",
    usual: "{ size: 128, steps: 50, until: 0 }",
    model: "vista",
  });
});

it("keys without a preset have what the plan makes of them", async () => {
  await check("prompt: [a, b]\nse‸ed: 7\n", { here: "7 … 8", usual: undefined, model: "vista" });
  await check("prompt: a\nprec‸ision: fp16\n", {
    here: "fp32 on cpu",
    usual: undefined,
    model: "vista",
  });
  await check("prompt: a\nout‸put: x.png\n", {
    here: "/recipes/x.png",
    usual: undefined,
    model: "vista",
  });
});

it("a stage's keys have the timesteps of that stage", () =>
  check(
    "prompt: a\nstages:\n  - { size: 128, steps: 3, until: 100 }\n  - { size: 256, st‸eps: 2 }\n",
    {
      here: "stage 2 of 2, 2 steps, t 346 → 0",
    },
  ));

it("a recipe that is refused has no value, and a key that its method does not read none either", async () => {
  await check("prompt: a\nlora: [absent.safetensors]\nima‸ges: 2\n", {
    here: undefined,
    usual: undefined,
    model: undefined,
  });
  await check("prompt: a\nmethod: demofusion\ngam‸ma: 2\n", { here: undefined, usual: undefined });
});
