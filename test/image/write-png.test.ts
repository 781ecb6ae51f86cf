// PNG files: the layout of their chunks, their texts and pixels back again, by example and by property.
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodePng, readPngTexts } from "../../daemon/image/read-png.ts";
import { encodePng, type PictureTexts } from "../../daemon/image/write-png.ts";

const dot = { width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3) };

/** The types in order, with the content of texts; each checksum is checked, pixels in a row are one. */
function listChunks(png: Uint8Array): readonly string[] {
  const file = Buffer.from(png);
  const list: string[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12) {
    const end = at + 8 + file.readUInt32BE(at);
    expect(file.readUInt32BE(end)).toBe(crc32(file.subarray(at + 4, end)));
    const type = file.toString("latin1", at + 4, at + 8);
    if (type === "IDAT" && list.at(-1) === "IDAT") continue;
    list.push(type.endsWith("Xt") ? file.toString("latin1", at + 4, end) : type);
  }
  return list;
}

async function check(texts: PictureTexts, expected: readonly string[]): Promise<void> {
  const png = await encodePng(dot, texts);
  expect(Buffer.from(png.subarray(0, 8)).toString("hex")).toBe("89504e470d0a1a0a");
  expect(listChunks(png)).toEqual(expected);
}

const cases: readonly (readonly [string, PictureTexts, readonly string[]])[] = [
  ["writes no text where there is none", {}, ["IHDR", "IDAT", "IEND"]],
  [
    "writes the recipe as iTXt",
    { frecas: "prompt: a" },
    ["IHDR", "iTXtfrecas\0\0\0\0\0prompt: a", "IDAT", "IEND"],
  ],
  [
    "writes the recipe in UTF-8",
    { frecas: "é" },
    ["IHDR", "iTXtfrecas\0\0\0\0\0\xc3\xa9", "IDAT", "IEND"],
  ],
  [
    "writes Latin-1 parameters as tEXt",
    { parameters: "é\nÿ" },
    ["IHDR", "tEXtparameters\0é\nÿ", "IDAT", "IEND"],
  ],
  [
    "writes other parameters as iTXt",
    { parameters: "ā" },
    ["IHDR", "iTXtparameters\0\0\0\0\0\xc4\x81", "IDAT", "IEND"],
  ],
  [
    "writes the recipe first",
    { parameters: "p", frecas: "f" },
    ["IHDR", "iTXtfrecas\0\0\0\0\0f", "tEXtparameters\0p", "IDAT", "IEND"],
  ],
  [
    "replaces NUL, which would end the text",
    { parameters: "a\0b" },
    ["IHDR", "iTXtparameters\0\0\0\0\0a\xef\xbf\xbdb", "IDAT", "IEND"],
  ],
];

it.each(cases)("%s", (_, texts, expected) => check(texts, expected));

it("says 8-bit RGB without interlace in the header", async () => {
  const png = await encodePng({ width: 2, height: 3, rgb: new Uint8Array(18) }, {});
  expect([...png.subarray(16, 29)]).toEqual([0, 0, 0, 2, 0, 0, 0, 3, 8, 2, 0, 0, 0]);
});

const picture = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .chain(([width, height]) => {
    const length = width * height * 3;
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      rgb: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });

const text = fc
  .string({ unit: "binary", maxLength: 200 })
  .map((value) => value.replaceAll("\0", "\ufffd"));

it("gives pixels and texts back", async () => {
  await fc.assert(
    fc.asyncProperty(picture, text, text, async (drawn, frecas, parameters) => {
      const png = await encodePng(drawn, { frecas, parameters });
      expect(decodePng(png, "x.png")).toEqual(drawn);
      expect(Object.fromEntries(readPngTexts(png, "x.png"))).toEqual({ frecas, parameters });
      expect(await encodePng(drawn, { frecas, parameters })).toEqual(png);
    }),
    { numRuns: 300 },
  );
});

it("takes the pixels from a view into a larger buffer", async () => {
  const rgb = new Uint8Array([9, 9, 1, 2, 3, 9]).subarray(2, 5);
  expect(decodePng(await encodePng({ ...dot, rgb }, {}), "x.png").rgb).toEqual(dot.rgb);
});
