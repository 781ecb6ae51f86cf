// Reading pictures from anywhere: other tools' texts, damaged files, and files made to do harm.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { writeChunk } from "../../daemon/image/png-chunks.ts";
import { decodePng, readPngTexts } from "../../daemon/image/read-png.ts";
import { encodePng } from "../../daemon/image/write-png.ts";

type Chunks = readonly (readonly [string, string | Buffer])[];
type Answer = Readonly<Record<string, string>> | RegExp;

const picture = { width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };
const plain = Buffer.from(await encodePng(picture, {}));
const golden = readFileSync(join(import.meta.dirname, "../goldens/run-sd15.00.png"));

/** The small picture with chunks put behind its header. */
function withChunks(chunks: Chunks): Buffer {
  const written = chunks.map(([type, data]) =>
    writeChunk({ type, data: typeof data === "string" ? Buffer.from(data, "latin1") : data }),
  );
  return Buffer.concat([plain.subarray(0, 33), ...written, plain.subarray(33)]);
}

function check(bytes: Uint8Array, expected: Answer): void {
  if (!(expected instanceof RegExp)) {
    expect(Object.fromEntries(readPngTexts(bytes, "x.png"))).toEqual(expected);
    return;
  }
  const error = expect.objectContaining({
    code: "picture.input",
    message: expect.stringMatching(expected),
  });
  expect(() => readPngTexts(bytes, "x.png")).toThrow(error);
}

function deflated(head: string, content: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(head, "latin1"), deflateSync(content)]);
}

function changed(at: number, value: number): Buffer {
  const bytes = Buffer.from(plain);
  bytes[at] = value;
  return bytes;
}

const megabytes = (count: number): Buffer => Buffer.alloc(count * 2 ** 20, 65);

const cases: readonly (readonly [string, Uint8Array, Answer])[] = [
  ["finds no text where there is none", plain, {}],
  ["reads tEXt as Latin-1", withChunks([["tEXt", "a\0\xe9"]]), { a: "é" }],
  ["reads zTXt", withChunks([["zTXt", deflated("a\0\0", Buffer.from("é", "latin1"))]]), { a: "é" }],
  [
    "reads iTXt with a language",
    withChunks([["iTXt", Buffer.from("a\0\0\0de\0ä\0東")]]),
    { a: "東" },
  ],
  ["reads compressed iTXt", withChunks([["iTXt", deflated("a\0\x01\0\0\0", "東")]]), { a: "東" }],
  [
    "takes the last of two texts",
    withChunks([
      ["tEXt", "a\x001"],
      ["tEXt", "a\x002"],
    ]),
    { a: "2" },
  ],
  [
    "passes over chunks it does not know",
    withChunks([
      ["prVt", "x"],
      ["tEXt", "a\x001"],
    ]),
    { a: "1" },
  ],
  ["passes over bytes behind the end", Buffer.concat([plain, Buffer.from("more")]), {}],
  ["refuses other files", Buffer.from("GIF89a"), /x\.png: must be a PNG file, got other bytes/],
  ["refuses an empty file", new Uint8Array(0), /must be a PNG file/],
  [
    "refuses a file cut between chunks",
    plain.subarray(0, 33),
    /whole PNG file, got one that is cut off/,
  ],
  [
    "refuses a file cut inside a chunk",
    golden.subarray(0, 200),
    /whole PNG file, got a IDAT chunk that is cut off/,
  ],
  ["refuses a wrong checksum", changed(20, 9), /wrong checksum in its IHDR chunk/],
  ["refuses a chunk without a name", changed(37, 1), /a chunk without a name/],
  [
    "refuses a file that begins with another chunk",
    Buffer.concat([plain.subarray(0, 8), plain.subarray(33)]),
    /must begin with its size, got the chunk IDAT/,
  ],
  ["refuses a text without a name", withChunks([["tEXt", "abc"]]), /a text without a name/],
  [
    "refuses a broken compressed text",
    withChunks([["zTXt", "a\0\0xyz"]]),
    /a text that cannot be read/,
  ],
  ["refuses an unknown compression", withChunks([["zTXt", "a\0\x07xyz"]]), /compression method 7/],
  [
    "refuses a text that swells",
    withChunks([["zTXt", deflated("a\0\0", megabytes(64))]]),
    /at most 33554432 bytes of text, got more/,
  ],
  [
    "refuses many texts that swell together",
    withChunks([1, 2, 3, 4, 5].map(() => ["zTXt", deflated("a\0\0", megabytes(7))])),
    /at most 33554432 bytes of text/,
  ],
  [
    "accepts a text of a few megabytes",
    withChunks([["zTXt", deflated("a\0\0", megabytes(2))]]),
    { a: "A".repeat(2 ** 21) },
  ],
];

it.each(cases)("%s", (_, bytes, expected) => check(bytes, expected));

it("reads the pixels of another writer", () => {
  const { width, height, rgb } = decodePng(golden, "golden.png");
  expect(rgb.length).toBe(width * height * 3);
  expect(new Set(rgb).size).toBeGreaterThan(50);
});

/** The small picture with another header (13 bytes as hex) and other pixels. */
function withPixels(header: string, pixels: Buffer): Buffer {
  return Buffer.concat([
    plain.subarray(0, 8),
    writeChunk({ type: "IHDR", data: Buffer.from(header, "hex") }),
    writeChunk({ type: "IDAT", data: pixels }),
    writeChunk({ type: "IEND", data: Buffer.alloc(0) }),
  ]);
}

const twoByOne = "00000002000000010802000000";

it.each([
  [
    "too large to hold",
    "000186a0000186a00802000000",
    deflateSync(Buffer.alloc(9)),
    /1 to 100000000 pixels, got 100000 × 100000/,
  ],
  [
    "without pixels",
    "00000000000000010802000000",
    deflateSync(Buffer.alloc(9)),
    /1 to 100000000 pixels, got 0 × 1/,
  ],
  [
    "of unknown colours",
    "00000002000000010801000000",
    deflateSync(Buffer.alloc(9)),
    /colours of the format, got kind 1 with 8 bits/,
  ],
  [
    "whose pixels do not decompress",
    twoByOne,
    Buffer.from("nonsense"),
    /pixels that cannot be read/,
  ],
  [
    "whose pixels are cut off",
    twoByOne,
    deflateSync(Buffer.alloc(7)).subarray(0, -5),
    /pixels that cannot be read/,
  ],
  [
    "whose pixels are too few",
    twoByOne,
    deflateSync(Buffer.alloc(6)),
    /must hold 7 bytes of pixels, got 6/,
  ],
  ["whose pixels swell", twoByOne, deflateSync(megabytes(8)), /pixels that cannot be read/],
  [
    "with an unknown filter",
    twoByOne,
    deflateSync(Buffer.alloc(7, 9)),
    /must be an undamaged PNG file, got "Unrecognised filter type - 9"/,
  ],
])("refuses a picture %s", (_, header, pixels, message) => {
  const bytes = withPixels(header, pixels);
  expect(() => decodePng(bytes, "x.png")).toThrow(message);
  expect(() => decodePng(bytes, "x.png")).toThrow(Failure);
});

it.each([
  ["grey", "00000002000000010800000000", [0, 7, 8], [7, 7, 7, 8, 8, 8]],
  ["16 bits", "00000001000000011002000000", [0, 128, 128, 64, 64, 255, 255], [128, 64, 255]],
  ["transparency", "00000001000000010806000000", [0, 1, 2, 3, 0], [255, 255, 255]],
  ["half transparency", "00000001000000010806000000", [0, 0, 100, 255, 128], [127, 177, 255]],
  ["grey and transparency", "00000001000000010804000000", [0, 50, 51], [214, 214, 214]],
  ["interlace", "00000001000000010802000001", [0, 1, 2, 3], [1, 2, 3]],
])("reads a picture with %s", (_, header, data, rgb) => {
  const bytes = withPixels(header, deflateSync(Buffer.from(data)));
  expect([...decodePng(bytes, "x.png").rgb]).toEqual(rgb);
});

/** Nothing but a Failure may come out. */
function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
  }
}

it("answers or fails cleanly for any damage", () => {
  const source = withChunks([
    ["tEXt", "a\0b"],
    ["zTXt", deflated("c\0\0", "ddd")],
  ]);
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(damage, fc.nat({ max: source.length }), (changes, length) => {
      const bytes = Buffer.from(source.subarray(0, length > 40 ? source.length : length));
      for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value;
      attempt(() => readPngTexts(bytes, "x.png"));
      attempt(() => decodePng(bytes, "x.png"));
    }),
    { numRuns: 5_000 },
  );
});

it("answers or fails cleanly for any chunks with right checksums", () => {
  const type = fc.constantFrom("tEXt", "zTXt", "iTXt", "IDAT", "PLTE", "tRNS", "IHDR", "gAMA");
  const chunks = fc.array(fc.tuple(type, fc.uint8Array({ maxLength: 20 })), { maxLength: 4 });
  fc.assert(
    fc.property(chunks, (list) => {
      const bytes = withChunks(list.map(([name, data]) => [name, Buffer.from(data)]));
      attempt(() => readPngTexts(bytes, "x.png"));
      attempt(() => decodePng(bytes, "x.png"));
    }),
    { numRuns: 5_000 },
  );
});
