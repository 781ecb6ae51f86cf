// Arrays in memory → the bytes of a safetensors file. For what a run keeps of itself; weights are never written.
// Format: https://huggingface.co/docs/safetensors.
import { headerStart } from "./parse-header.ts";
import type { Dtype } from "./stored-tensor.ts";

/** `values` has as many elements as `shape` says, of the size that `dtype` says. */
export interface WrittenTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint32Array | Uint8Array;
}

/**
 * All tensors one after the other, each aligned as its elements need it where they are given in that order. `metadata` are
 * texts about them.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, WrittenTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> =
    Object.keys(metadata).length === 0 ? {} : { __metadata__: metadata };
  for (const [name, { dtype, shape, values }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces, which JSON ignores, so that the data begins at a multiple of eight.
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(headerStart + padded + end).fill(32, 0, headerStart + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, headerStart);
  let at = headerStart + padded;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
