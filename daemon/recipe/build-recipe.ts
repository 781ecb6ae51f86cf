// A stacked layer to a recipe: here keys meet, and are checked against each other.
// Fills in nothing: a key that is not written stays undefined.
import type { Problem, Range } from "../base/problem.ts";
import { type PrintedRecipe, printRecipe } from "./print-recipe.ts";
import { initBeyondStages, promptMissing, promptTwice, sizeDisagrees } from "./problems.ts";
import type { Recipe } from "./recipe.ts";
import { type Layer, settingsOf } from "./setting.ts";
import { writeSize } from "./value-schemas.ts";
import type { NamedLayer } from "./vary-layer.ts";

/** Where the recipe stands: its range, and the line to blame for what is missing. */
interface Standing {
  readonly range: Range;
  readonly firstLine: Range;
}

/** The recipe is only as good as its problems are few: use it where there is none. */
export function buildRecipe(
  named: NamedLayer,
  compare: readonly Recipe[],
  standing: Standing,
): { readonly recipe: Recipe; readonly problems: readonly Problem[] } {
  const keys = toKeys(named.layer, named.name);
  const source = printRecipe(keys);
  const recipe: Recipe = {
    ...keys,
    ...writtenModel(named.layer),
    keyRanges: Object.fromEntries(settingsOf(named.layer).map((one) => [one.key, one.valueRange])),
    compare,
    range: standing.range,
    source,
  };
  return { recipe, problems: disagreements(named.layer, standing) };
}

function toKeys(layer: Layer, name: string): PrintedRecipe {
  return {
    name,
    model: layer.model?.value?.model,
    lora: layer.lora?.value,
    prompts: layer.prompt?.value ?? layer.prompts?.value ?? [],
    negative: layer.negative?.value,
    seed: layer.seed?.value,
    images: layer.images?.value,
    guidance: layer.guidance?.value,
    size: layer.size?.value,
    stages: layer.stages?.value,
    gamma: layer.gamma?.value,
    frequencyGuidance: layer.frequency_guidance?.value,
    attentionReuse: layer.attention_reuse?.value,
    tiling: layer.tiling?.value,
    precision: layer.precision?.value,
    t5: layer.t5?.value,
    variant: layer.variant?.value,
    method: layer.method?.value,
    demofusion: layer.demofusion?.value,
    scalecrafter: layer.scalecrafter?.value,
    init: layer.init?.value,
    output: layer.output?.value,
    metadata: layer.metadata?.value,
  };
}

function writtenModel({ model }: Layer): Pick<Recipe, "writtenModel"> {
  if (model?.value === undefined) return {};
  const { value, valueRange, who, origin } = model;
  return { writtenModel: { text: value.written, range: valueRange, who, origin } };
}

function disagreements(layer: Layer, standing: Standing): readonly Problem[] {
  return [...checkPrompts(layer, standing), ...checkSize(layer), ...checkInit(layer)];
}

function checkPrompts({ prompt, prompts }: Layer, standing: Standing): readonly Problem[] {
  if (prompt !== undefined && prompts !== undefined) {
    return [promptTwice(prompts.keyRange, prompts.who)];
  }
  return prompt === undefined && prompts === undefined ? [promptMissing(standing.firstLine)] : [];
}

function checkSize({ size, stages }: Layer): readonly Problem[] {
  const last = stages?.value?.at(-1);
  if (size?.value === undefined || last === undefined) {
    return [];
  }
  const said = writeSize(size.value);
  const meant = writeSize(last.size);
  if (said === meant) {
    return [];
  }
  const problem = sizeDisagrees(size.valueRange, size.who, said, meant);
  return [size.origin === "text" ? { ...problem, fix: meant } : problem];
}

function checkInit({ init, stages }: Layer): readonly Problem[] {
  const count = stages?.value?.length;
  if (init?.value === undefined) {
    return [];
  }
  const { from = 2 } = init.value;
  return count === undefined || from <= count
    ? []
    : [initBeyondStages(init.valueRange, init.who, { from, count })];
}
