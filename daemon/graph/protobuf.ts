// Writes the protobuf wire format: the four shapes that ONNX models need, nothing else.
// Source: protobuf.dev/programming-guides/encoding.

const text = new TextEncoder();

/** One message under construction; fields are appended in the order of the calls. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A non-negative or negative integer as a varint (int32, int64, enum, bool). */
  integer(field: number, value: number): this {
    this.#append(varint(field * 8));
    return this.#append(varint(value));
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    this.#append(varint(field * 8 + 5));
    return this.#append(new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Bytes, a string or a nested message. */
  bytes(field: number, value: Uint8Array | string | MessageWriter): this {
    const payload =
      typeof value === "string"
        ? text.encode(value)
        : value instanceof MessageWriter
          ? value.finish()
          : value;
    this.#append(varint(field * 8 + 2));
    this.#append(varint(payload.length));
    return this.#append(payload);
  }

  /** Integers in packed form. */
  packed(field: number, values: readonly number[]): this {
    return this.bytes(field, concatenate(values.map(varint)));
  }

  finish(): Uint8Array {
    return concatenate(this.#parts, this.#length);
  }

  #append(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function concatenate(
  parts: readonly Uint8Array[],
  length = parts.reduce((sum, part) => sum + part.length, 0),
): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
