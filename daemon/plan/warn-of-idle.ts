// Keys of a recipe that change nothing because of its model, or because its size asks for one stage only. The parser tells what can be seen
// in the text (recipe/find-idle.ts): `stages` of one, `method: direct`, `guidance: 1`. That is not said again here.
import { showSize } from "../base/size.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Settings } from "./choose-settings.ts";

/** A sentence for each. */
export function warnOfIdle(recipe: Recipe, settings: Settings): readonly string[] {
  return [...warnOfGamma(recipe, settings), ...warnOfOneStage(recipe, settings)];
}

/** A sentence where `stages` says steps and the method takes its own, which nobody wrote: `takes` in words. */
export function warnOfStages(
  { method, stages, ...recipe }: Recipe,
  takes: string,
): readonly string[] {
  const isOwn = method === "demofusion" || method === "scalecrafter";
  if (!isOwn || stages === undefined || recipe[method]?.steps !== undefined) return [];
  const steps = stages.map((stage) => stage.steps).join(" + ");
  return [
    `stages: says the size alone for method: ${method}, which takes ${takes}, got ${steps}; write ${method}: { steps: … } for another number`,
  ];
}

/** Flow matching has one gamma built in; the published code ignores its flag there without a word, and so is that. */
function warnOfGamma({ gamma }: Recipe, settings: Settings): readonly string[] {
  const isUsed = gamma === undefined || gamma === settings.gamma;
  if (isUsed || settings.stages.length === 1 || settings.variant === "published") return [];
  return [
    `gamma: has no effect on models of flow matching, where it is ${settings.gamma}, got ${gamma}; remove it`,
  ];
}

function warnOfOneStage(recipe: Recipe, { stages }: Settings): readonly string[] {
  const [only, ...others] = stages;
  const isSeenInText = recipe.stages !== undefined || (recipe.method ?? "frecas") !== "frecas";
  if (only === undefined || others.length > 0 || isSeenInText) return [];
  const keys = [
    ["gamma", recipe.gamma],
    ["frequency_guidance", recipe.guidance === 1 ? undefined : recipe.frequencyGuidance],
    ["attention_reuse", recipe.attentionReuse],
  ] as const;
  return keys
    .filter(([, value]) => value !== undefined)
    .map(
      ([key]) =>
        `${key}: needs more than one stage to have an effect, got one, ${showSize(only.size)}; remove it, or write a larger size`,
    );
}
