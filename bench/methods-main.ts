// `npm run bench:methods`: what every method costs at the sizes that are published for it, and how long each takes on
// this machine beside FreCaS. Prints two tables in Markdown.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openContext } from "../daemon/cli/cli-context.ts";
import type { Plan } from "../daemon/plan/plan.ts";
import { planRecipes } from "../daemon/planner/plan-recipes.ts";
import { parseRecipes } from "../daemon/recipe/parse-recipes.ts";
import { measuredMethods } from "./measured-methods.ts";
import { publishedSizes } from "./published-sizes.ts";

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { repeats: { type: "string", default: "5" } } });
  const folder = join(tmpdir(), "frecas-bench-methods");
  mkdirSync(folder, { recursive: true });
  const context = openContext(import.meta.url);
  // What the machine has decides nothing here: every method is counted as it would run with memory enough.
  const planning = { ...context, memoryBytes: Number.MAX_SAFE_INTEGER };
  const planRecipe = async (text: string, place: string): Promise<Plan> => {
    const { recipes, problems } = parseRecipes(
      text,
      join(place, "methods.frecas"),
      () => undefined,
    );
    const [plan] = await planRecipes(recipes, place, planning);
    if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
    return plan;
  };
  console.log(await publishedSizes(folder, planRecipe));
  const { engine } = context;
  const say = (words: string): void => console.error(words);
  const repeats = Number(values.repeats);
  if (repeats > 0)
    console.log(`\n${await measuredMethods({ folder, repeats, planRecipe, engine, say })}`);
}
