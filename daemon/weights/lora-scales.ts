// How strongly a LoRA was trained to act: alpha / rank of each layer. The alphas are tensors of one number in kohya's
// layout, and in peft's a text in the file's metadata; without either, alpha is the rank.
// Reference: peft src/peft/tuners/lora/config.py; diffusers src/diffusers/loaders/lora_base.py.
import { closeSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { badLora } from "../base/failure.ts";
import type { WeightsFile } from "./read-header.ts";
import type { Dtype, NamedTensor, StoredTensor } from "./stored-tensor.ts";

/** A layer whose scale is asked for; `path` is its path in the network `component`. */
export interface LoraScale {
  readonly alpha: NamedTensor | undefined;
  readonly rank: number;
  readonly component: string;
  readonly path: string;
}

/** Reads `alphas`, all that there are. Throws `badLora`. */
export function loraScales(
  file: WeightsFile,
  alphas: readonly NamedTensor[],
): (of: LoraScale) => number {
  const numbers = readAlphas(file.path, alphas);
  const settings = readSettings(file);
  return ({ alpha, rank, component, path }) => {
    const own = alpha === undefined ? undefined : numbers.get(alpha.name);
    if (own !== undefined) return own / rank;
    const of = (name: string): unknown =>
      settings[`${component}.${name}`] ?? settings[name] ?? undefined;
    const patterns = patternSchema.safeParse(of("alpha_pattern")).data ?? {};
    const special = Object.keys(patterns).find((key) => isSame(key, path));
    const common = z.number().safeParse(of("lora_alpha")).data ?? rank;
    const chosen = special === undefined ? common : (patterns[special] ?? common);
    return chosen / (of("use_rslora") === true ? Math.sqrt(rank) : rank);
  };
}

/** Either may begin with levels that the other leaves out, such as "text_model". */
const isSame = (one: string, other: string): boolean =>
  `.${one}`.endsWith(`.${other}`) || `.${other}`.endsWith(`.${one}`);

const patternSchema = z.record(z.string(), z.number());

/** Peft's settings as diffusers writes them: "unet.lora_alpha" and so on. */
function readSettings({ metadata }: WeightsFile): Readonly<Record<string, unknown>> {
  const text = metadata.get("lora_adapter_metadata");
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

function readAlphas(path: string, alphas: readonly NamedTensor[]): ReadonlyMap<string, number> {
  if (alphas.length === 0) return new Map();
  const descriptor = openSync(path, "r");
  try {
    return new Map(alphas.map((alpha) => [alpha.name, readAlpha(descriptor, path, alpha)]));
  } finally {
    closeSync(descriptor);
  }
}

function readAlpha(descriptor: number, path: string, alpha: NamedTensor): number {
  const read = readers[alpha.dtype];
  const isOne = alpha.shape.every((side) => side === 1);
  if (read === undefined || !isOne)
    throw badLora(
      path,
      `tensor ${alpha.name} must be one number`,
      `${alpha.dtype} [${alpha.shape.join(", ")}]`,
      "download the file again",
    );
  const value = read(readBytes(descriptor, alpha));
  if (Number.isFinite(value)) return value;
  throw badLora(
    path,
    `tensor ${alpha.name} must be a finite number`,
    `${value}`,
    "download the file again",
  );
}

function readBytes(descriptor: number, { offset, length }: StoredTensor): DataView {
  const bytes = new Uint8Array(length);
  readSync(descriptor, bytes, 0, length, offset);
  return new DataView(bytes.buffer);
}

const readers: Partial<Record<Dtype, (bytes: DataView) => number>> = {
  F64: (bytes) => bytes.getFloat64(0, true),
  F32: (bytes) => bytes.getFloat32(0, true),
  F16: (bytes) => float16Value(bytes.getUint16(0, true)),
  BF16: (bytes) => bfloat16Value(bytes.getUint16(0, true)),
  I64: (bytes) => Number(bytes.getBigInt64(0, true)),
  I32: (bytes) => bytes.getInt32(0, true),
};

/** Of IEEE binary16's bits. */
function float16Value(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits >= 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return sign * size;
}

/** bfloat16: the upper half of a float32. */
function bfloat16Value(bits: number): number {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint16(2, bits, true);
  return bytes.getFloat32(0, true);
}
