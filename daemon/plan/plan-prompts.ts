// Each prompt with its seed and the files of its pictures (method §8, §9).
import { invalidRecipe } from "../base/failure.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { PlannedPrompt } from "./plan.ts";

export interface PromptOptions {
  readonly images: number;
  /** Used for `seed: random`; 0 .. 2^32 − 1. */
  readonly seedForRandom: number;
  /** Absolute; where the default output goes. */
  readonly outputFolder: string;
}

const defaultSeed = 1;
const defaultOutput = "results/{name}/{prompt}.{image}.png";

/** Throws `invalidRecipe` without prompts, or where two pictures would get one name. */
export function planPrompts(recipe: Recipe, options: PromptOptions): readonly PlannedPrompt[] {
  if (recipe.prompts.length === 0)
    throw invalidRecipe("prompt: must be a text, got none; write what the picture shows");
  const first = recipe.seed === "random" ? options.seedForRandom : (recipe.seed ?? defaultSeed);
  const prompts = recipe.prompts.map((text, index) => {
    const seed = (first + index) % 2 ** 32;
    const outputs = Array.from({ length: options.images }, (_, image) =>
      outputPath(recipe, options.outputFolder, { prompt: index, image, seed }),
    );
    return { index, text, seed, outputs };
  });
  checkDistinct(prompts, recipe.output ?? defaultOutput);
  return prompts;
}

function outputPath(
  recipe: Recipe,
  folder: string,
  picture: { readonly prompt: number; readonly image: number; readonly seed: number },
): string {
  const words: Readonly<Record<string, string>> = {
    name: recipe.name,
    prompt: String(picture.prompt).padStart(5, "0"),
    image: String(picture.image).padStart(2, "0"),
    seed: String(picture.seed),
  };
  const fill = (template: string): string =>
    template.replace(/\{(name|prompt|image|seed)\}/g, (_, word: string) => words[word] ?? "");
  if (recipe.output !== undefined) return fill(recipe.output);
  return `${folder.replace(/[\\/]$/, "")}/${fill(defaultOutput)}`;
}

function checkDistinct(prompts: readonly PlannedPrompt[], template: string): void {
  const seen = new Set<string>();
  for (const path of prompts.flatMap((prompt) => prompt.outputs)) {
    if (seen.has(path))
      throw invalidRecipe(
        `output: must name each picture differently, got ${path} more than once from ${template}; add {prompt} and {image}`,
      );
    seen.add(path);
  }
}
