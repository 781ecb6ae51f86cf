// Which written keys change nothing? A key is idle where another key switches off what it steers.
// It is told only when it is idle in every recipe it reaches: a comparison may need it in one.
import type { Problem } from "../base/problem.ts";
import type { KeyName } from "./keys.ts";
import { type Because, noEffect } from "./problems.ts";
import type { Method } from "./recipe.ts";
import { type Layer, type Setting, settingsOf } from "./setting.ts";

/** A warning for each setting of this file that is idle in all of `layers` that hold it. */
export function findIdle(layers: readonly Layer[]): readonly Problem[] {
  const reasons = new Map<Setting<KeyName>, Because | undefined>();
  for (const layer of layers) {
    for (const setting of settingsOf(layer)) {
      const isNew = !reasons.has(setting);
      const because = whyIdle(setting.key, layer);
      reasons.set(setting, isNew || because === undefined ? because : reasons.get(setting));
    }
  }
  return [...reasons].flatMap(([setting, because]) =>
    because === undefined || setting.origin === "base"
      ? []
      : [noEffect(setting.keyRange, setting.who, because)],
  );
}

// Not `stages` itself: other methods take their size from them.
const OF_STAGES: readonly KeyName[] = ["gamma", "frequency_guidance", "attention_reuse"];
const OF_GUIDANCE: readonly KeyName[] = ["frequency_guidance", "negative"];

function whyIdle(key: KeyName, layer: Layer): Because | undefined {
  const method = methodOf(layer);
  const owner = ownerOf(key);
  if (owner !== undefined && method !== undefined && owner !== method) {
    const todo = owner === "frecas" ? "remove it" : `remove it, or write method: ${owner}`;
    return { needs: `method: ${owner}`, got: `method: ${method}`, todo };
  }
  if (layer.stages?.value?.length === 1 && OF_STAGES.includes(key)) {
    return { needs: "more than one stage", got: "one", todo: "remove it, or write another stage" };
  }
  if (key === "guidance" && beginsWithPicture(layer) && layer.guidance?.value !== 1) {
    const todo = "remove it, or write frequency_guidance";
    return { needs: "a stage that begins with noise", got: "init", todo };
  }
  if (layer.guidance?.value === 1 && OF_GUIDANCE.includes(key)) {
    return { needs: "guidance above 1", got: "guidance: 1", todo: "remove it" };
  }
  return undefined;
}

/** Undefined where what is written is no method. */
const methodOf = ({ method }: Layer): Method | undefined =>
  method === undefined ? "frecas" : method.value;

/** The one method that a key is for; undefined where it is for several. */
function ownerOf(key: KeyName): Method | undefined {
  if (key === "demofusion" || key === "scalecrafter") return key;
  return key === "init" || OF_STAGES.includes(key) ? "frecas" : undefined;
}

/** Only the first stage is guided by `guidance` itself; the later ones ask whether it is above 1. */
function beginsWithPicture(layer: Layer): boolean {
  return layer.init?.value !== undefined && methodOf(layer) === "frecas";
}
