// Takes a protobuf message apart into its fields and puts it together again; what a field means, others know.
// Source: protobuf.dev/programming-guides/encoding.

/** One field; `payload` is its content without the length before it, or the bytes of a number as they are. */
export interface Field {
  readonly number: number;
  readonly wireType: number;
  readonly payload: Uint8Array;
}

/** The fields in their order. Payloads are views of `message`. Throws where the bytes end early. */
export function readFields(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < message.length) {
    const key = readVarint(message, at);
    const wireType = key.value % 8;
    const { start, end } = payloadPlace(message, key.end, wireType);
    if (end > message.length) throw new Error("protobuf: a field ends after its message");
    fields.push({
      number: Math.floor(key.value / 8),
      wireType,
      payload: message.subarray(start, end),
    });
    at = end;
  }
  return fields;
}

/** A message of these fields in this order. */
export function writeFields(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, wireType, payload }) => {
      const key = varint(number * 8 + wireType);
      return wireType === 2 ? [key, varint(payload.length), payload] : [key, payload];
    }),
  );
}

export function decodeText(payload: Uint8Array): string {
  return new TextDecoder().decode(payload);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Of the payload of a field whose key ends at `at`. */
function payloadPlace(message: Uint8Array, at: number, wireType: number): Place {
  switch (wireType) {
    case 0:
      return { start: at, end: readVarint(message, at).end };
    case 1:
      return { start: at, end: at + 8 };
    case 2: {
      const length = readVarint(message, at);
      return { start: length.end, end: length.end + length.value };
    }
    case 5:
      return { start: at, end: at + 4 };
    default:
      throw new Error(`protobuf: unknown wire type ${wireType}`);
  }
}

/** The value is exact up to 2⁵³; `end` is right for longer ones too. */
function readVarint(
  message: Uint8Array,
  at: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  let factor = 1;
  for (let index = at; index < message.length; index += 1) {
    const byte = message[index] ?? 0;
    value += (byte % 128) * factor;
    factor *= 128;
    if (byte < 128) return { value, end: index + 1 };
  }
  throw new Error("protobuf: a number ends after its message");
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...bytes, rest]);
}
