// What to change in a recipe that does not fit: the first change with which its plan would, the one that costs the picture
// least before the others.
import { Failure } from "../base/failure.ts";
import type { Provider } from "../base/provider.ts";
import { showMemory } from "../base/show-memory.ts";
import { type Size, showSize } from "../base/size.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { Plan } from "./plan.ts";

interface Unfitted {
  readonly recipe: Recipe;
  readonly method: Pick<MethodPlan, "tiling" | "smaller">;
  readonly provider: Provider;
  readonly precision: Plan["precision"];
}

/**
 * The end of a sentence, such as "write tiling: on, which needs about 9.1 GB". `peakOf` is what another recipe needs, and throws
 * Failures where it has no plan.
 */
export function adviseMemory(
  unfitted: Unfitted,
  peakOf: (recipe: Recipe) => number,
  memoryBytes: number,
): string {
  for (const { write, changed } of changesOf(unfitted)) {
    const peak = peakUnlessRefused(changed, peakOf);
    if (peak <= memoryBytes)
      return `write ${write.join(" and ")}, which needs about ${showMemory(peak)}`;
  }
  return "close other programs, write a smaller size and fewer images, or use a smaller model";
}

function peakUnlessRefused(recipe: Recipe, peakOf: (recipe: Recipe) => number): number {
  try {
    return peakOf(recipe);
  } catch (error) {
    if (error instanceof Failure) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

interface Change {
  readonly write: readonly string[];
  readonly changed: Recipe;
}

function changesOf({ recipe, method, provider, precision }: Unfitted): readonly Change[] {
  const as = { write: [], changed: recipe };
  const canTile = method.tiling === "off";
  const sizes = method.smaller
    .map((size) => withSize(recipe, size))
    .flatMap((change) => (canTile ? [change, tiled(change)] : [change]));
  const isMany = (recipe.images ?? 1) > 1;
  const canHalve = provider !== "cpu" && precision === "fp32";
  return [
    ...(canTile ? [tiled(as)] : []),
    ...(canHalve ? [halved(as)] : []),
    ...(isMany ? [single(as)] : []),
    ...sizes,
    ...(isMany ? sizes.map(single) : []),
  ];
}

const tiled = ({ write, changed }: Change): Change => ({
  write: [...write, "tiling: on"],
  changed: { ...changed, tiling: "on" },
});

const halved = ({ write, changed }: Change): Change => ({
  write: [...write, "precision: fp16"],
  changed: { ...changed, precision: "fp16" },
});

const single = ({ write, changed }: Change): Change => ({
  write: [...write, "images: 1"],
  changed: { ...changed, images: 1 },
});

/** Where stages are written, the last one says the size. */
function withSize(recipe: Recipe, size: Size): Change {
  const { stages, size: asked } = recipe;
  const last = stages?.at(-1);
  const written = `size: ${showSize(size, "x")}`;
  if (stages === undefined || last === undefined)
    return { write: [written], changed: { ...recipe, size } };
  const where = asked === undefined ? " in the last stage" : ", in the last stage too";
  return {
    write: [`${written}${where}`],
    changed: {
      ...recipe,
      size: asked && size,
      stages: [...stages.slice(0, -1), { ...last, size }],
    },
  };
}
