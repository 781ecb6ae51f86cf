// Writes safetensors bytes for the tests, right ones and wrong ones: the header is taken as given.

/** An entry of a header, for a tensor of `count` F32 values from byte `begin` of the data. */
export function f32(begin: number, count: number): Record<string, unknown> {
  return { dtype: "F32", shape: [count], data_offsets: [begin, begin + count * 4] };
}

/** A whole file: the header's length, the header (an object or its text) and `dataBytes` zeros. */
export function safetensors(header: unknown, dataBytes: number): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header), "latin1");
  const bytes = Buffer.alloc(8 + text.length + dataBytes);
  bytes.writeBigUInt64LE(BigInt(text.length));
  text.copy(bytes, 8);
  return bytes;
}
