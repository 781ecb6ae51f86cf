// Reads whole safetensors files, which are small in tests; the product itself never reads values.
import { readFileSync } from "node:fs";
import type { Tensor } from "../../daemon/base/tensor.ts";

/** Every tensor of a file as float32 (integers are converted). */
export function readTensors(file: string): ReadonlyMap<string, Tensor> {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, Entry>;
  const entries = Object.entries(header).filter(([key]) => key !== "__metadata__");
  return new Map(entries.map(([key, entry]) => [key, toTensor(entry, bytes, 8 + length)]));
}

/** The tensor of this name; a test that asks for another one fails. */
export function tensorOf(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`tensors: must hold ${name}`);
  return tensor;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function toTensor(entry: Entry, bytes: Buffer, start: number): Tensor {
  const [begin, end] = entry.data_offsets;
  const content = Uint8Array.from(bytes.subarray(start + begin, start + end)).buffer;
  switch (entry.dtype) {
    case "F32":
      return { shape: entry.shape, data: new Float32Array(content) };
    case "I64":
      return { shape: entry.shape, data: Float32Array.from(new BigInt64Array(content), Number) };
    case "F16":
      return { shape: entry.shape, data: Float32Array.from(new Uint16Array(content), halfValue) };
    case "BF16":
      return { shape: entry.shape, data: Float32Array.from(new Uint16Array(content), brainValue) };
    default:
      throw new Error(`tensors: F32, F16, BF16 and I64 only, got ${entry.dtype}`);
  }
}

/** The value of bfloat16's bits: the upper half of a float32. */
function brainValue(bits: number): number {
  return new Float32Array(Uint32Array.of(bits * 65536).buffer)[0] ?? 0;
}

/** The value of IEEE binary16's bits. */
function halfValue(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return bits >= 0x8000 ? -size : size;
}
