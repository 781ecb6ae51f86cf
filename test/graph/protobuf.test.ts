// The wire format: bytes worked out by hand, and a way back through a decoder that shares no code with the writer.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessageWriter } from "../../daemon/graph/protobuf.ts";
import { decodeMessage, decodePacked } from "../support/protobuf-decoder.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const start = (): MessageWriter => new MessageWriter();

const cases: readonly (readonly [string, MessageWriter, string])[] = [
  ["an empty message", start(), ""],
  ["zero", start().integer(1, 0), "0800"],
  ["one byte at its largest", start().integer(1, 127), "087f"],
  ["two bytes at their smallest", start().integer(1, 128), "088001"],
  ["the specification's 150", start().integer(1, 150), "089601"],
  ["minus one in ten bytes", start().integer(1, -1), "08ffffffffffffffffff01"],
  ["the most negative int64", start().integer(1, -(2 ** 63)), "0880808080808080808001"],
  ["an offset just below 2^32", start().integer(2, 2 ** 32 - 1), "10ffffffff0f"],
  ["an offset just above 2^32", start().integer(2, 2 ** 32 + 1), "108180808010"],
  ["the largest safe integer", start().integer(2, 2 ** 53 - 1), "10ffffffffffffff0f"],
  ["a field number that needs two bytes", start().integer(16, 1), "800101"],
  ["a float", start().float(2, 1.5), "150000c03f"],
  ["a negative float", start().float(2, -0.1), "15cdccccbd"],
  ["the specification's string", start().bytes(2, "testing"), "120774657374696e67"],
  ["an empty string", start().bytes(7, ""), "3a00"],
  ["a string outside ASCII, its length in bytes", start().bytes(1, "é✓"), "0a05c3a9e29c93"],
  ["plain bytes", start().bytes(9, Uint8Array.of(0, 255)), "4a0200ff"],
  ["a nested message", start().bytes(3, start().integer(1, 150)), "1a03089601"],
  ["the specification's packed field", start().packed(4, [3, 270, 86942]), "2206038e029ea705"],
  ["packed negatives", start().packed(1, [-1, 2]), "0a0bffffffffffffffffff0102"],
  ["a packed field of nothing", start().packed(1, []), "0a00"],
  ["fields in the order of the calls", start().integer(2, 1).integer(1, 2), "10010802"],
];

function check(message: MessageWriter, expected: string): void {
  expect(hex(message.finish())).toBe(expected);
}

describe("the writer writes", () => {
  it.each(cases)("%s", (_, message, expected) => check(message, expected));
});

const field = fc.integer({ min: 1, max: 2 ** 29 - 1 });

describe("a decoder gets back", () => {
  it("every integer, whatever its size and sign", () => {
    fc.assert(
      fc.property(field, fc.maxSafeInteger(), (number, value) => {
        const [only] = decodeMessage(start().integer(number, value).finish());
        expect(only).toEqual({ field: number, value: BigInt(value) });
      }),
    );
  });

  it("every float32", () => {
    fc.assert(
      fc.property(field, fc.float(), (number, value) => {
        expect(decodeMessage(start().float(number, value).finish())).toEqual([
          { field: number, value },
        ]);
      }),
    );
  });

  it("packed integers in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (values) => {
        const [only] = decodeMessage(start().packed(1, values).finish());
        expect(decodePacked(only?.value as Uint8Array)).toEqual(values);
      }),
    );
  });

  it("texts and messages at any depth, with what stands beside them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat({ max: 20 }), (text, depth) => {
        let message = start().bytes(1, text);
        for (let level = 0; level < depth; level += 1)
          message = start().integer(2, level).bytes(1, message).float(3, level);
        let bytes = message.finish();
        for (let level = depth - 1; level >= 0; level -= 1) {
          const fields = decodeMessage(bytes);
          expect([fields[0]?.value, fields[2]?.value]).toEqual([BigInt(level), level]);
          bytes = fields[1]?.value as Uint8Array;
        }
        const [inner] = decodeMessage(bytes);
        expect(Buffer.from(inner?.value as Uint8Array).toString()).toBe(text);
      }),
    );
  });
});
