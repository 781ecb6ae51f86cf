// Whether the models that recipes name are on this machine: warnings, for the text may be right for another one.
import type { Problem } from "../base/problem.ts";
import { quoteAnywhere } from "../recipe/quote.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { ModelFinder } from "./find-model.ts";

/** `folder` is the recipe file's. Each written model is looked up once. Rejects with `badSettings` only. */
export async function checkModels(
  recipes: readonly Recipe[],
  folder: string,
  finder: ModelFinder,
): Promise<readonly Problem[]> {
  const problems = new Map<string, Problem>();
  for (const { model, writtenModel } of recipes.flatMap((one) => [one, ...one.compare])) {
    if (model === undefined || writtenModel === undefined) continue;
    const { text, range, origin } = writtenModel;
    const place = `${range.start.offset} ${text}`;
    if (problems.has(place)) continue;
    const found = await finder.lookUp({ model, written: text, near: folder });
    if (found.kind === "found") continue;
    problems.set(place, {
      code: "model-not-here",
      severity: "warning",
      range,
      message: found.failure.message,
      ...(origin === "text" && found.nearest !== undefined
        ? { fix: quoteAnywhere(found.nearest) }
        : {}),
    });
  }
  return [...problems.values()];
}
