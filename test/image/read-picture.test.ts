// Pictures that people bring along: JPEGs of every kind against Pillow, and files that are no picture at all.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { decodePicture, measurePicture } from "../../daemon/image/read-picture.ts";
import { encodePng } from "../../daemon/image/write-png.ts";

interface Seen {
  readonly base64: string;
  readonly width: number;
  readonly height: number;
  /** The colours near the four corners, row by row. */
  readonly corners: readonly (readonly [number, number, number])[];
}

const jpegs: Readonly<Record<string, Seen>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/jpegs.json"), "utf8"),
);
const bytesOf = (name: string): Buffer => Buffer.from(jpegs[name]?.base64 ?? "", "base64");
const baseline = bytesOf("baseline");

describe("a JPEG is seen as Pillow sees it", () => {
  it.each(Object.entries(jpegs))("%s", (name, { width, height, corners }) => {
    expect(measurePicture(bytesOf(name), "x.jpg")).toEqual({ width, height });
    const picture = decodePicture(bytesOf(name), "x.jpg");
    expect([picture.width, picture.height]).toEqual([width, height]);
    const places = [
      [4, 4],
      [width - 5, 4],
      [4, height - 5],
      [width - 5, height - 5],
    ] as const;
    const off = places.flatMap(([x, y], corner) =>
      [0, 1, 2].map((channel) => {
        const value = picture.rgb[(y * width + x) * 3 + channel] ?? 999;
        return Math.abs(value - (corners[corner]?.[channel] ?? -999));
      }),
    );
    expect(Math.max(...off)).toBeLessThanOrEqual(3);
  });
});

it("a PNG is measured and decoded by its bytes, whatever its name", async () => {
  const rgb = Uint8Array.from({ length: 18 }, (_, index) => index * 9);
  const png = await encodePng({ width: 3, height: 2, rgb }, {});
  expect(measurePicture(png, "x.jpg")).toEqual({ width: 3, height: 2 });
  expect(decodePicture(png, "x.jpg")).toEqual({ width: 3, height: 2, rgb });
});

/** The baseline picture with its frame header (SOF0) changed: [offset behind the marker, value]. */
function framed(...changes: readonly (readonly [number, number])[]): Buffer {
  const bytes = Buffer.from(baseline);
  const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  for (const [offset, value] of changes) bytes[at + offset] = value;
  return bytes;
}

describe("what is no picture is refused in a sentence that says what it is", () => {
  it.each<readonly [string, string | Buffer, RegExp]>([
    ["an empty file", "", /got an empty file/],
    ["WebP", "RIFF\x10\0\0\0WEBPVP8 ", /PNG or JPEG file, got a WebP picture/],
    ["GIF", "GIF89a", /got a GIF picture/],
    ["AVIF", "\0\0\0\x20ftypavif", /got an AVIF picture/],
    ["HEIC", "\0\0\0\x18ftypheic", /got a HEIC picture/],
    ["TIFF", "II*\0", /got a TIFF picture/],
    ["BMP", "BM6\0", /got a BMP picture/],
    ["a pointer", "version https://git-lfs.github.com/spec/v1\n", /got a pointer of Git LFS/],
    ["a page", "<!DOCTYPE html><html>", /got a web page/],
    ["text", "hello", /got other bytes/],
    ["a JPEG that is cut off", baseline.subarray(0, -40), /whole JPEG file, got one that is cut/],
    ["a JPEG cut in its header", baseline.subarray(0, 100), /got one that is cut off/],
    ["a JPEG of nothing", Buffer.from("ffd8ffd9", "hex"), /got no size/],
    ["a JPEG of another thing", Buffer.from("ffd8ff00", "hex"), /JPEG file, got/],
    ["a JPEG of 12 bits", framed([4, 12]), /JPEG of 8 bits.* got kind 0 with 12 bits/],
    ["a lossless JPEG", framed([1, 0xc3]), /got kind 3 with 8 bits and 3 colours/],
    ["a giant JPEG", framed([5, 255], [7, 255]), /1 to 50000000 pixels, got 65328 × 65312/],
  ])("%s", (_, content, message) => {
    const bytes = Buffer.from(content as string, "latin1");
    for (const read of [measurePicture, decodePicture]) {
      expect(() => read(bytes, "x.jpg")).toThrow(Failure);
      expect(() => read(bytes, "x.jpg")).toThrow(message);
    }
  });
});

it("a damaged JPEG is decoded or refused, and nothing else happens", () => {
  const damage = fc.array(fc.tuple(fc.nat(baseline.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(damage, fc.nat(baseline.length), (changes, length) => {
      const bytes = Buffer.from(length % 3 === 0 ? baseline.subarray(0, length) : baseline);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        const { width, height, rgb } = decodePicture(bytes, "x.jpg");
        expect(rgb.length).toBe(width * height * 3);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
