// A recipe cut to the memory there is: the first of its method's ways that fits, or the last one, with what to change.
import type { Provider } from "../base/provider.ts";
import type { ModelConfig } from "../config/model-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { adviseMemory } from "./advise-memory.ts";
import type { NetworkLayers } from "./cost/network-layers.ts";
import { fitMemory, type Run } from "./fit-memory.ts";
import { planMemory } from "./memory.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { Plan, PlannedMemory } from "./plan.ts";
import { type MethodOptions, planMethod } from "./plan-method.ts";
import type { PlannedMethod } from "./planned-method.ts";

/** What of a run no change of size, images, tiling or precision changes. */
interface Given {
  readonly model: ModelConfig;
  readonly layers: NetworkLayers;
}

interface FitOptions extends MethodOptions {
  readonly memoryBytes: number;
}

interface FittedRecipe<Memory> extends Pick<Plan, "stages" | "scoresAtOnce" | "precision"> {
  readonly method: MethodPlan;
  readonly planned: PlannedMethod;
  readonly run: Omit<Run, "planned">;
  readonly memory: Memory;
  /** Sentences for people. */
  readonly warnings: readonly string[];
}

/** Throws what `planMethod` throws. */
export function fitRecipe(
  recipe: Recipe,
  given: Given,
  options: FitOptions,
): FittedRecipe<PlannedMemory> {
  const fitted = fitAsWritten(recipe, given, options);
  const { memory, method, precision } = fitted;
  const { memoryBytes, provider } = options;
  if (memory.peak <= memoryBytes) return { ...fitted, memory: { ...memory, advice: null } };
  const peakOf = (changed: Recipe): number => fitAsWritten(changed, given, options).memory.peak;
  const advice = adviseMemory({ recipe, method, provider, precision }, peakOf, memoryBytes);
  return { ...fitted, memory: { ...memory, advice } };
}

function fitAsWritten(
  recipe: Recipe,
  given: Given,
  options: FitOptions,
): FittedRecipe<Omit<PlannedMemory, "advice">> {
  const { provider, memoryBytes } = options;
  const method = planMethod(recipe, given.model, options);
  const { precision, warnings } = choosePrecision(recipe, provider);
  const { init, guidance, tilePx } = method;
  const images = recipe.images ?? 1;
  const sides = guidance > 1 ? 2 : 1;
  const run = { ...given, init, images, sides, provider, precision, tilePx } as const;
  const [first, ...others] = method.ways;
  let fitted = fitWay(first, method, { run, memoryBytes });
  for (const way of others) {
    if (fitted.memory.peak <= memoryBytes) break;
    fitted = fitWay(way, method, { run, memoryBytes });
  }
  return { ...fitted, method, precision, run, warnings };
}

function fitWay(
  planned: PlannedMethod,
  { stages, tiling }: MethodPlan,
  { run, memoryBytes }: { readonly run: Omit<Run, "planned">; readonly memoryBytes: number },
) {
  const whole = { ...run, planned };
  const fitted = fitMemory({ tiling }, stages, whole, memoryBytes);
  return { planned, ...fitted, memory: planMemory({ ...whole, ...fitted }) };
}

function choosePrecision(
  recipe: Recipe,
  provider: Provider,
): { readonly precision: Plan["precision"]; readonly warnings: readonly string[] } {
  const asked = recipe.precision ?? "auto";
  if (provider !== "cpu") return { precision: asked === "fp32" ? "fp32" : "fp16", warnings: [] };
  if (asked !== "fp16") return { precision: "fp32", warnings: [] };
  return {
    precision: "fp32",
    warnings: [
      "precision: fp16 needs a GPU, got a CPU, which has no fp16 arithmetic, so fp32 is used; write precision: auto",
    ],
  };
}
