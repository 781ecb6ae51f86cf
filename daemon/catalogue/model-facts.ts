// What a model is in a few words, from its configs and the types of its tensors.
import type { ModelConfig } from "../config/model-config.ts";
import type { Dtype, StoredTensor } from "../weights/stored-tensor.ts";
import type { Weights } from "../weights/weight-scope.ts";
import type { FamilyName, ModelFacts, WeightPrecision } from "./catalogue-entry.ts";

export function factsOf(config: ModelConfig, networks: readonly Weights[]): ModelFacts {
  return {
    family: familyOf(config),
    nativePx: config.sides.nativePx,
    precision: precisionOf(networks),
  };
}

/** Told by what sets the published models apart: the text's width, and the norm that came with 3.5. */
function familyOf(config: ModelConfig): FamilyName {
  switch (config.family) {
    case "sd":
      return sdByTextWidth.get(config.unet.crossAttentionDim) ?? "sd";
    case "sdxl":
      return "sdxl";
    case "sd3":
      return config.mmdit.queryKeyNorm === "rms" ? "sd35" : "sd3";
    default:
      return config satisfies never;
  }
}

const sdByTextWidth: ReadonlyMap<number, FamilyName> = new Map([
  [768, "sd15"],
  [1024, "sd21"],
]);

/** The one type of all numbers, "mixed" where there are several; any float8 counts as float8, for none is read here. */
function precisionOf(networks: readonly Weights[]): WeightPrecision | null {
  const tensors = networks.flatMap((network) => [...network.tensors.values()]);
  const types = new Set(tensors.filter(isNumber).map(({ dtype }) => nameOf(dtype)));
  const [only] = types;
  if (types.has("fp8")) return "fp8";
  return types.size > 1 ? "mixed" : (only ?? null);
}

/** Whole numbers are tables of positions, which nothing computes with. */
function isNumber({ dtype }: StoredTensor): boolean {
  return !/^(I|U)\d+$|^BOOL$/.test(dtype);
}

function nameOf(dtype: Dtype): WeightPrecision {
  if (dtype.startsWith("F8")) return "fp8";
  return names[dtype] ?? "other";
}

const names: Partial<Record<Dtype, WeightPrecision>> = { F32: "fp32", F16: "fp16", BF16: "bf16" };
