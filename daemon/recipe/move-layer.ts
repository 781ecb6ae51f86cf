// Gives settings that were written elsewhere a place in this text: the one word that brought them.
// Ranges of another text never reach a problem of this one.
import type { Range } from "../base/problem.ts";
import type { KeyName } from "./keys.ts";
import { type Layer, type Setting, settingsOf } from "./setting.ts";

/** Where moved settings stand, and what messages call them. */
export interface Place {
  readonly range: Range;
  readonly name: (key: string) => string;
  readonly origin: "base" | "change";
}

/** The same values, all of them standing at one place; their own problems stay behind. */
export function moveLayer(layer: Layer, place: Place): Layer {
  return Object.fromEntries(settingsOf(layer).map((one) => [one.key, moveSetting(one, place)]));
}

function moveSetting(setting: Setting<KeyName>, place: Place): Setting<KeyName> {
  return {
    ...setting,
    ...(isSetting(setting, "compare")
      ? { value: setting.value?.map((one) => moveLayer(one, place)) }
      : {}),
    ...(isSetting(setting, "sweep")
      ? {
          value: setting.value?.map((axis) => ({
            ...axis,
            settings: axis.settings.map((one) => moveSetting(one, place)),
          })),
        }
      : {}),
    who: place.name(setting.key),
    keyRange: place.range,
    valueRange: place.range,
    problems: [],
    origin: place.origin,
  };
}

function isSetting<Name extends KeyName>(
  setting: Setting<KeyName>,
  key: Name,
): setting is Setting<Name> {
  return setting.key === key;
}
