// `npm run bench`: where the time and the memory of a run go, against what this machine can do at most.
// Every case runs in a fresh engine process; figures are medians over repeats after a warm-up, ratios are of one run of the bench.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeFileSafely } from "../daemon/base/write-file.ts";
import { openContext } from "../daemon/cli/cli-context.ts";
import type { Plan } from "../daemon/plan/plan.ts";
import { planRecipes } from "../daemon/planner/plan-recipes.ts";
import { parseRecipes } from "../daemon/recipe/parse-recipes.ts";
import { measureGemm } from "../daemon/runtime/examine.ts";
import { type BenchCase, benchCases, type RandomModel } from "./bench-cases.ts";
import { makeModel } from "./make-model.ts";
import { measureOpening } from "./measure-opening.ts";
import { measureQueue } from "./measure-queue.ts";
import { measureRun, type RunFigures } from "./measure-run.ts";
import { measureTyping } from "./measure-typing.ts";
import { type CaseFigures, showCase, showComparison, showPlanned } from "./show-figures.ts";

const languageServer = fileURLToPath(new URL("language-server.js", import.meta.url));

/** Of a model folder, in the order in which it is written. */
const lastFile = "vae/diffusion_pytorch_model.safetensors";

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeats: { type: "string", default: "3" },
      only: { type: "string", default: "" },
      output: { type: "string", default: "results/bench.json" },
      keep: { type: "boolean", default: false },
    },
  });
  const folder = join(tmpdir(), "frecas-bench");
  mkdirSync(folder, { recursive: true });
  const cases = benchCases(folder).filter(({ name }) => name.includes(values.only));
  const results: CaseFigures[] = [];
  for (const [index, each] of cases.entries()) {
    const later = cases.slice(index + 1).map(({ random }) => random?.folder);
    results.push(await measureCase(each, folder, Number(values.repeats)));
    if (!values.keep && each.random && !later.includes(each.random.folder))
      rmSync(each.random.folder, { recursive: true });
  }
  const runsOf = (name: string) => results.find((result) => result.name === name)?.runs;
  const [frecas, direct] = [runsOf("frecas"), runsOf("direct")];
  if (frecas && direct) console.log(showComparison({ frecas, direct }));
  console.log(showPlanned(results));
  if ("queue".includes(values.only)) console.log(await queueFigures(folder));
  if ("typing".includes(values.only)) console.log(await measureTyping(languageServer));
  const all = Object.fromEntries(results.map(({ name, runs }) => [name, runs]));
  await writeFileSafely(values.output, `${JSON.stringify(all, null, 1)}\n`);
  console.log(`\nFigures as JSON: ${values.output}`);
}

/** Of the built-in model at a quarter of its usual size, so that the daemon's own share shows. */
async function queueFigures(folder: string): Promise<string> {
  const context = openContext(import.meta.url);
  const recipe = "prompt: a calm lake at dawn\nsize: 256";
  const plan = await planOf({ name: "queue", recipe, runs: "once" }, folder, context);
  return measureQueue(plan, context.daemon.bundle);
}

async function measureCase(each: BenchCase, folder: string, repeats: number): Promise<CaseFigures> {
  if (each.random) prepareModel(each.name, each.random);
  const context = openContext(import.meta.url);
  const runs: RunFigures[] = [];
  const plan = await planOf(each, folder, context);
  // A run that is not counted: the first touch of memory costs a virtual machine seconds.
  if (each.runs === "repeated") await measureRun(plan, context.engine);
  for (let repeat = 0; repeat < (each.runs === "once" ? 1 : repeats); repeat += 1) {
    const before = await measureGemm();
    const run = await measureRun(plan, context.engine);
    const after = await measureGemm();
    runs.push({ ...run, gemmGflops: Math.max(before, after) });
  }
  console.log(showCase(each.name, plan, runs));
  if (each.opens === "twice") console.log(await measureOpening(plan, context.engine, folder));
  return { name: each.name, plan, runs };
}

/** Writes the model where it is not kept from an earlier bench. */
function prepareModel(name: string, { folder, files, dtype }: RandomModel): void {
  if (existsSync(join(folder, lastFile))) return;
  console.log(`\n${name}: writing a model of that size with random weights …`);
  makeModel(folder, files, dtype);
}

async function planOf(
  each: BenchCase,
  folder: string,
  context: ReturnType<typeof openContext>,
): Promise<Plan> {
  const file = join(folder, `${each.name}.frecas`);
  const { recipes, problems } = parseRecipes(each.recipe, file, () => undefined);
  const { memoryBytes } = each;
  const planning = { ...context, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
  const [plan] = await planRecipes(recipes, folder, planning);
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return plan;
}
