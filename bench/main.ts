// `npm run bench`: where the time and the memory of a run go, against what this machine can do at most.
// Every case runs in a fresh engine process; figures are medians over repeats after a warm-up, ratios are of one run of the bench.
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileSafely } from "../daemon/base/write-file.ts";
import { openContext } from "../daemon/cli/cli-context.ts";
import type { Plan } from "../daemon/plan/plan.ts";
import { planRecipes } from "../daemon/planner/plan-recipes.ts";
import { parseRecipes } from "../daemon/recipe/parse-recipes.ts";
import { measureGemm } from "../daemon/runtime/examine.ts";
import { makeModel } from "./make-model.ts";
import { measureOpening } from "./measure-opening.ts";
import { measureRun, type RunFigures } from "./measure-run.ts";
import { stableDiffusion21 } from "./model-configs.ts";
import { showCase, showComparison } from "./show-figures.ts";

interface Case {
  readonly name: string;
  readonly recipe: string;
  /** A model of random weights that the case needs, and the type of its weights. */
  readonly random?: { readonly folder: string; readonly dtype: "F16" | "F32" };
}

/** Of a model folder, in the order in which it is written. */
const lastFile = "vae/diffusion_pytorch_model.safetensors";

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeats: { type: "string", default: "3" },
      only: { type: "string" },
      output: { type: "string", default: "results/bench.json" },
    },
  });
  const folder = join(tmpdir(), "frecas-bench");
  mkdirSync(folder, { recursive: true });
  const results: Record<string, readonly RunFigures[]> = {};
  for (const each of cases(folder).filter(({ name }) => name.includes(values.only ?? "")))
    results[each.name] = await measureCase(each, folder, Number(values.repeats));
  const { frecas, direct } = results;
  if (frecas && direct) console.log(showComparison({ frecas, direct }));
  await writeFileSafely(values.output, `${JSON.stringify(results, null, 1)}\n`);
  console.log(`\nFigures as JSON: ${values.output}`);
}

/** The built-in model with and without the method, and a network of Stable Diffusion 2.1's size. */
function cases(folder: string): readonly Case[] {
  const prompt = "prompt: snowy mountains behind a calm lake at dawn, a pink sky";
  const large = (name: string, dtype: "F16" | "F32"): Case => {
    const random = { folder: join(folder, name), dtype };
    return {
      name,
      recipe: `${prompt}\nmodel: ${random.folder}\nstages: [{size: 512, steps: 3}]`,
      random,
    };
  };
  return [
    { name: "frecas", recipe: `${prompt}\nsize: 512` },
    { name: "direct", recipe: `${prompt}\nsize: 512\nmethod: direct` },
    large("sd21-float32", "F32"),
    large("sd21-float16", "F16"),
  ];
}

async function measureCase(
  each: Case,
  folder: string,
  repeats: number,
): Promise<readonly RunFigures[]> {
  if (each.random && !existsSync(join(each.random.folder, lastFile))) {
    console.log(`\n${each.name}: writing a model of that size with random weights …`);
    makeModel(each.random.folder, stableDiffusion21, each.random.dtype);
  }
  const context = openContext(import.meta.url);
  const figures: RunFigures[] = [];
  const plan = await planOf(each, folder, context);
  // A run that is not counted: the first touch of memory costs a virtual machine seconds.
  await measureRun(plan, context.engine);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const before = await measureGemm();
    const run = await measureRun(plan, context.engine);
    const after = await measureGemm();
    figures.push({ ...run, gemmGflops: Math.max(before, after) });
  }
  console.log(showCase(each.name, plan, figures));
  if (each.random) console.log(await measureOpening(plan, context.engine, folder));
  return figures;
}

async function planOf(
  each: Case,
  folder: string,
  context: ReturnType<typeof openContext>,
): Promise<Plan> {
  const file = join(folder, `${each.name}.frecas`);
  const { recipes, problems } = parseRecipes(each.recipe, file, () => undefined);
  const [plan] = await planRecipes(recipes, folder, context);
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return plan;
}
