// The file of a stage's attention maps: what goes in comes out, and what is no such file is none.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAttention, encodeAttention } from "../../daemon/trace/attention-file.ts";
import { encodeSafetensors } from "../../daemon/weights/write-safetensors.ts";

const side = fc.integer({ min: 1, max: 5 });
const kept = fc
  .record({ images: side, width: side, height: side, prompt: fc.string({ unit: "grapheme" }) })
  .chain(({ images, width, height, prompt }) => {
    const words = [
      { start: 0, end: 3, tokens: [1] },
      { start: 4, end: 9, tokens: [2, 3, 80] },
    ];
    const length = images * words.length * width * height;
    const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), {
      minLength: length,
      maxLength: length,
    });
    return values.map((data) => ({
      prompt,
      words,
      grid: { width, height },
      maps: {
        shape: [images, words.length, height, width],
        data: Float32Array.from(data),
      },
    }));
  });

describe("attention maps", () => {
  it("come back with their words, within half a step of their scale", () => {
    fc.assert(
      fc.property(kept, (given) => {
        const back = decodeAttention(encodeAttention(given));
        expect({ ...back, maps: back?.maps.shape }).toEqual({ ...given, maps: given.maps.shape });
        const cells = given.grid.width * given.grid.height;
        for (const [at, value] of given.maps.data.entries()) {
          const start = Math.floor(at / cells) * cells;
          const most = Math.max(...given.maps.data.subarray(start, start + cells));
          const error = Math.abs((back?.maps.data[at] as number) - value);
          expect(error).toBeLessThanOrEqual(most / 509 + 1e-12);
        }
      }),
    );
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["a text", new TextEncoder().encode("a picture of a lake")],
    ["tensors of something else", encodeSafetensors(new Map())],
    ["words that are no list", encodeSafetensors(new Map(), { attention: "1", words: "[" })],
  ])("are not read from %s", (_, bytes) => expect(decodeAttention(bytes)).toBeUndefined());

  it("are not read from a file that is cut", () => {
    const [given] = fc.sample(kept, { numRuns: 1, seed: 1 });
    if (given === undefined) throw new Error("must have a sample");
    const bytes = encodeAttention(given);
    for (let length = 0; length < bytes.length; length += 1)
      expect(decodeAttention(bytes.subarray(0, length))).toBeUndefined();
  });
});
