// What a key is worth in one recipe: the value that the plan gives it, and the one it would have if it were not written.
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { KeyName } from "../../daemon/recipe/keys.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import type { Meaning } from "./meaning.ts";
import { type PlannedValues, plannedValues } from "./planned-values.ts";

/** Values as they could be written; undefined where nothing is known. */
export interface Worth {
  readonly here?: string | undefined;
  readonly usual?: string | undefined;
  /** The model that the usual value is of. */
  readonly model?: string | undefined;
}

/** `item` is which of the key's list is meant. `plan` is the recipe's; undefined where it is refused. */
export function worthOf(
  { key, field, item }: Meaning & { readonly item: number | undefined },
  recipe: Recipe,
  model: ModelConfig,
  plan: Plan | undefined,
): Worth {
  if (field !== undefined)
    return key === "stages" && item !== undefined ? { here: stageOf(plan, item) } : {};
  const here = plannedValues(recipe, model)[key] ?? (plan && ofPlan(plan)[key]);
  const usual = usualValue(key, recipe, model);
  return { here, usual, model: plan?.model.name ?? recipe.model };
}

/** Of the keys that presets fill in: what the preset says for this recipe without the key. */
function usualValue(key: KeyName, recipe: Recipe, model: ModelConfig): string | undefined {
  const size = recipe.size ?? recipe.stages?.at(-1)?.size;
  const without: Partial<Record<KeyName, Partial<Recipe>>> = {
    size: { size: undefined, stages: undefined },
    stages: { size, stages: undefined },
    gamma: { gamma: undefined },
    frequency_guidance: { frequencyGuidance: undefined },
    attention_reuse: { attentionReuse: undefined },
    guidance: { guidance: undefined },
    tiling: { tiling: undefined },
    demofusion: { demofusion: undefined },
  };
  const change = without[key];
  return change && plannedValues({ ...recipe, ...change }, model)[key];
}

function ofPlan(plan: Plan): PlannedValues {
  const seeds = plan.prompts.map(({ seed }) => seed);
  const outputs = plan.prompts.flatMap((prompt) => prompt.outputs);
  return {
    model: `${plan.model.name}, ${plan.model.folder}`,
    ...(plan.negative === null ? {} : { negative: plan.negative }),
    seed: span(seeds.map(String)),
    images: String(plan.images),
    guidance: String(plan.guidance),
    precision: `${plan.precision} on ${plan.provider}`,
    t5: plan.model.t5 === "used" ? "on" : "off",
    output: span(outputs),
  };
}

function span(values: readonly string[]): string {
  const [first = ""] = values;
  return values.length < 2 ? first : `${first} … ${values.at(-1)}`;
}

function stageOf(plan: Plan | undefined, item: number): string | undefined {
  const stage = plan?.stages[item];
  const [first, last] = [stage?.steps[0], stage?.steps.at(-1)];
  if (stage === undefined || first === undefined || last === undefined) return undefined;
  return `stage ${item + 1} of ${plan?.stages.length}, ${stage.steps.length} steps, t ${first.timestep} → ${last.timestep}`;
}
