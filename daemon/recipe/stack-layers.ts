// One layer of settings on another: a recipe on the one it extends, a change on a recipe.
// What is written above wins, and takes away what it contradicts below.

import type { KeyName } from "./keys.ts";
import type { Axis, Layer, Setting, Values } from "./setting.ts";

/** The settings of both; `above` replaces equal and contrary keys of `below`. */
export function stackLayers(below: Layer, above: Layer): Layer {
  const gone = new Set(contrary(below, above));
  const kept = Object.entries(below).filter(([key]) => !gone.has(key));
  const layer: Layer = { ...Object.fromEntries(kept), ...above };
  return above.sweep === undefined && layer.sweep !== undefined
    ? { ...layer, sweep: withoutAxes(layer.sweep, above) }
    : layer;
}

function contrary(below: Layer, above: Layer): readonly string[] {
  return [
    ...(above.prompt && !above.prompts ? ["prompts"] : []),
    ...(above.prompts && !above.prompt ? ["prompt"] : []),
    ...(above.stages && !above.size ? ["size"] : []),
    ...(above.size && !above.stages && disagrees(above.size.value, below.stages?.value)
      ? ["stages"]
      : []),
  ];
}

function disagrees(size: Values["size"] | undefined, stages: Values["stages"] | undefined) {
  const last = stages?.at(-1)?.size;
  return last === undefined || last.width !== size?.width || last.height !== size.height;
}

/** A key written above is meant to hold, so a sweep from below no longer runs over it. */
function withoutAxes(sweep: Setting<"sweep">, above: Layer): Setting<"sweep"> {
  const value = sweep.value?.filter((axis) => !isSettled(axis, above));
  return { ...sweep, value };
}

function isSettled(axis: Axis, above: Layer): boolean {
  return axis.key in above || rivals[axis.key]?.some((rival) => rival in above) === true;
}

const rivals: Partial<Record<KeyName, readonly KeyName[]>> = {
  prompt: ["prompts"],
  prompts: ["prompt"],
  size: ["stages"],
  stages: ["size"],
};
