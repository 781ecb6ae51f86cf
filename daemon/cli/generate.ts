// The published command line, verbatim: `generate --name sd21 --tsize [[512,512],[1024,1024]] …` (method §9).
// Reference: main.py of the published code; file names and mapping.lst are the same.
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { invalidRecipe } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { builtInModels } from "../catalogue/find-candidates.ts";
import type { Plan } from "../plan/plan.ts";
import { planRecipes } from "../planner/plan-recipes.ts";
import { printRecipe } from "../recipe/print-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { CliContext } from "./cli-context.ts";
import { openPainter, planningFor } from "./painter.ts";
import { readFlag } from "./read-flag.ts";
import { readGiven } from "./read-given.ts";
import { runPlans } from "./run-plans.ts";

/** As commander collects them; lists are still text. */
export interface GenerateOptions {
  readonly name: string;
  readonly prompts: string;
  readonly imagesPerPrompt: string;
  readonly gs: string;
  readonly tsize: string;
  readonly msp_endtimes: readonly string[];
  readonly msp_steps: readonly string[];
  readonly msp_gamma: string;
  readonly facfg_weight: readonly string[];
  readonly camap_weight: string;
  readonly vae_tiling?: boolean;
  readonly seed: string;
  readonly mixed_precision: string;
  readonly output_dir: string;
  readonly json?: boolean;
  readonly cache?: boolean;
  readonly daemon?: boolean;
}

/** Where the published names live in the Hugging Face hub. */
const hubNames: Readonly<Record<string, string>> = {
  sd21: "stabilityai/stable-diffusion-2-1-base",
  sdxl: "stabilityai/stable-diffusion-xl-base-1.0",
  sd3: "stabilityai/stable-diffusion-3-medium-diffusers",
};

export async function generate(options: GenerateOptions, context: CliContext): Promise<number> {
  const recipe = publishedRecipe(options, context);
  const plans = await planRecipes([recipe], context.cwd, planningFor(context, options));
  const painter = await openPainter(plans, null, context, options);
  await runPlans(plans, painter, context, options.json ? "json" : "text");
  for (const plan of plans) await writeMapping(plan, resolve(context.cwd, options.output_dir));
  return 0;
}

/** The flags as a recipe of the published variant. Throws `invalidRecipe`. */
function publishedRecipe(options: GenerateOptions, { cwd, places }: CliContext): Recipe {
  const sizes = readSizes(options.tsize);
  const until = options.msp_endtimes.map((value) => readFlag("msp_endtimes", value));
  const steps = options.msp_steps.map((value) => readFlag("msp_steps", value));
  if (until.length < sizes.length || steps.length < sizes.length)
    throw invalidRecipe(
      `--tsize: must have as many stages as --msp_steps and --msp_endtimes, got ${sizes.length}, ${steps.length} and ${until.length}; give one value for each stage`,
    );
  const [high = 7.5, low] = options.facfg_weight.map((value) => readFlag("facfg_weight", value));
  const start = { line: 0, column: 0, offset: 0 };
  const recipe: Recipe = {
    name: "generate",
    model: modelName(options.name, resolve(cwd, options.name), builtInModels(places)),
    prompts: readPrompts(options.prompts, cwd),
    negative: undefined,
    seed: readFlag("seed", options.seed),
    images: readFlag("images-per-prompt", options.imagesPerPrompt),
    guidance: readFlag("gs", options.gs),
    size: undefined,
    stages: sizes.map((size, index) => ({
      size,
      steps: steps[index] ?? 0,
      until: until[index] ?? 0,
    })),
    gamma: readFlag("msp_gamma", options.msp_gamma),
    frequencyGuidance: { high, low: low ?? high, single: low === undefined },
    lora: undefined,
    attentionReuse: readFlag("camap_weight", options.camap_weight),
    tiling: options.vae_tiling ? "on" : "off",
    precision: options.mixed_precision === "no" ? "fp32" : "auto",
    t5: undefined,
    variant: "published",
    method: "frecas",
    demofusion: undefined,
    scalecrafter: undefined,
    init: undefined,
    compare: [],
    output: join(resolve(cwd, options.output_dir), "{prompt}.{image}.png"),
    metadata: "on",
    range: { start, end: start },
    source: "",
  };
  return { ...recipe, source: printRecipe(recipe) };
}

/** What a recipe calls the model; `path` is the folder that may be meant, as paths here start at the present one. */
function modelName(name: string, path: string, builtIn: readonly string[]): string {
  if (Object.hasOwn(hubNames, name)) return hubNames[name] ?? name;
  return existsSync(path) && !builtIn.includes(name) ? path : name;
}

/** A file's lines, blank ones too, or the text itself. A text that can only be meant as a file's name is refused. */
function readPrompts(prompts: string, cwd: string): readonly string[] {
  const lines = readGiven(resolve(cwd, prompts))?.split("\n");
  if (lines === undefined && /^\S+\.(lst|txt)$/i.test(prompts))
    throw invalidRecipe(
      `--prompts: must be a text or a file that can be read, got ${prompts}, which is not there; correct the path or write what the picture shows`,
    );
  if (lines === undefined) return [prompts];
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.trim());
}

/** "[[h,w],…]", which the published code evaluates, so that tuples and trailing commas are lists too. */
function readSizes(text: string): readonly Size[] {
  const schema = z.array(z.tuple([z.int().positive(), z.int().positive()])).min(1);
  const lists = text
    .replace(/\(([^()[\]]*)\)/g, "[$1]")
    .replace(/^\s*\((.*)\)\s*$/s, "[$1]")
    .replace(/,\s*\]/g, "]");
  try {
    return schema.parse(JSON.parse(lists)).map(([height, width]) => ({ width, height }));
  } catch {
    throw invalidRecipe(
      `--tsize: must be [[height,width],…] in pixels, got ${text}; write for example [[512,512],[1024,1024]]`,
    );
  }
}

async function writeMapping(plan: Plan, folder: string): Promise<void> {
  const lines = plan.prompts.flatMap(({ outputs, text }) =>
    outputs.map((path) => `${basename(path)}: ${text}\n`),
  );
  await writeFileSafely(join(folder, "mapping.lst"), lines.join(""));
}
