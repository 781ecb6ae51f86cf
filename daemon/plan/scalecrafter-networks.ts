// The network of each step of a ScaleCrafter run: which convolutions look how much further apart, from a table of places to
// the paths of a model's checkpoint.
import type { ConvolutionChange, FreeU, UNetVariant } from "../config/unet-variant.ts";
import type { Factors, Place } from "./scalecrafter-tables.ts";

/** What decides a step's network. Steps count from 0; a `tau` is the first step that is no longer changed. */
export interface NetworkSettings {
  readonly factors: Factors;
  readonly tau: number;
  readonly progressive: boolean;
  readonly dispersed: readonly Place[];
  readonly inflateTau: number;
  readonly freeU: FreeU | null;
}

/** The convolutions of a UNet, and how many levels fewer it has than the models that the tables were made for. */
export interface ChangeablePaths {
  readonly paths: readonly string[];
  readonly missingLevels: number;
}

/**
 * The network of step `step`. Levels are counted from the smallest one, where tables and models agree; names that the model
 * has not are passed over. Factors that fall do so in whole numbers and never below 2.
 */
export function networkAt(
  step: number,
  { factors, tau, progressive, dispersed, inflateTau, freeU }: NetworkSettings,
  { paths, missingLevels }: ChangeablePaths,
): UNetVariant {
  if (step >= tau) return { convolutions: {}, freeU };
  const changed = paths.flatMap((path): [string, ConvolutionChange][] => {
    const place = placeOf(path, missingLevels);
    const full = factors[place];
    if (full === undefined) return [];
    const factor = progressive ? Math.max(Math.ceil(full * ((tau - step) / tau)), 2) : full;
    const disperses = step < inflateTau && dispersed.includes(place);
    // The dispersed kernel is twice as wide by itself.
    return [[path, { factor: disperses ? factor / 2 : factor, disperses }]];
  });
  return { convolutions: Object.fromEntries(changed), freeU };
}

/** E.g. D2s for "down_blocks.1.downsamplers.0.conv" of a model that lacks one level. */
function placeOf(path: string, missingLevels: number): Place {
  const [, way, index = "", part] = /^(down|up)_blocks\.(\d+)\.(\w+)\./.exec(path) ?? [];
  if (way === undefined) return "M";
  const block = way === "down" ? `D${Number(index) + missingLevels}` : `U${index}`;
  const samplers: Readonly<Record<string, string>> = { downsamplers: "s", upsamplers: "u" };
  // Places that no table names are none of the type, and find nothing.
  return `${block}${samplers[part ?? ""] ?? ""}` as Place;
}
