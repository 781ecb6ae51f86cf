// Reads the protobuf wire format, written from its description and not from the product's writer.
// Source: protobuf.dev/programming-guides/encoding.

/** A varint as 64 signed bits, a 32-bit float, or the bytes of whatever has a length. */
export type WireValue = bigint | number | Uint8Array;

interface Field {
  readonly field: number;
  readonly value: WireValue;
}

/** All fields of a message in their order; throws where the bytes end early or a wire type is unknown. */
export function decodeMessage(bytes: Uint8Array): readonly Field[] {
  const reader = { bytes, at: 0 };
  const fields: Field[] = [];
  while (reader.at < bytes.length) {
    const key = Number(readVarint(reader));
    fields.push({ field: Math.floor(key / 8), value: readValue(reader, key % 8) });
  }
  return fields;
}

/** The integers of a packed field. */
export function decodePacked(bytes: Uint8Array): readonly number[] {
  const reader = { bytes, at: 0 };
  const values: number[] = [];
  while (reader.at < bytes.length) values.push(Number(readVarint(reader)));
  return values;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readValue(reader: Reader, wireType: number): WireValue {
  switch (wireType) {
    case 0:
      return readVarint(reader);
    case 2:
      return take(reader, Number(readVarint(reader)));
    case 5: {
      const word = take(reader, 4);
      return new DataView(word.buffer, word.byteOffset, 4).getFloat32(0, true);
    }
    default:
      throw new Error(`protobuf: unknown wire type ${wireType}`);
  }
}

function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const [byte = 0] = take(reader, 1);
    value |= BigInt(byte % 128) << shift;
    if (byte < 128) return BigInt.asIntN(64, value);
  }
  throw new Error("protobuf: a varint has at most ten bytes");
}

function take(reader: Reader, count: number): Uint8Array {
  const end = reader.at + count;
  if (end > reader.bytes.length) throw new Error("protobuf: the bytes end early");
  const part = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return part;
}
