// Writes safetensors files of any float type from float32 values, for tests that store the same weights in several ways.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Tensor } from "../../daemon/base/tensor.ts";

export type FloatType = "F32" | "F16" | "BF16";

/** Writes all tensors one after the other, folders included; values are rounded to nearest, ties to even. */
export function writeTensors(
  file: string,
  tensors: ReadonlyMap<string, Tensor>,
  type: FloatType | ((name: string) => FloatType | "F8_E4M3"),
): void {
  let offset = 0;
  const contents: Uint8Array[] = [];
  const header: Record<string, unknown> = {};
  for (const [name, { shape, data }] of tensors) {
    const dtype = typeof type === "string" ? type : type(name);
    const content = encode(data, dtype);
    contents.push(content);
    header[name] = { dtype, shape, data_offsets: [offset, offset + content.length] };
    offset += content.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([length, text, ...contents]));
}

function encode(data: Float32Array, dtype: FloatType | "F8_E4M3"): Uint8Array {
  // Nothing reads them, so that zeros will do.
  if (dtype === "F8_E4M3") return new Uint8Array(data.length);
  if (dtype === "F32") return new Uint8Array(Float32Array.from(data).buffer);
  const toBits = dtype === "F16" ? halfBits : brainBits;
  return new Uint8Array(Uint16Array.from(data, toBits).buffer);
}

/** IEEE binary16 of a finite value below 65520. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)));
  return sign + (exponent + 14) * 1024 + roundHalfEven(size / 2 ** (exponent - 10));
}

/** bfloat16: the upper half of a float32. */
export function brainBits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  return Math.min(0xffff, roundHalfEven(bits / 65536));
}

/** The value with the 8 significant bits that every one of the three types can hold exactly. */
export function commonValue(value: number): number {
  if (Math.abs(value) < 2 ** -14) return 0;
  const bits = new Uint32Array(Float32Array.of(value).buffer).map((word) => word & 0xffff0000);
  return new Float32Array(bits.buffer)[0] ?? 0;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
