// The rules of the safetensors format, one by one and by property, against bytes in memory.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { parseHeader, parseHeaderLength } from "../../daemon/weights/parse-header.ts";
import { dtypeBits, type StoredTensor } from "../../daemon/weights/stored-tensor.ts";
import { f32, safetensors } from "./safetensors.ts";

type Answer = readonly string[] | RegExp;

function parse(bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  const length = parseHeaderLength("x.safetensors", bytes.subarray(0, 8), bytes.length);
  return parseHeader("x.safetensors", bytes.subarray(8, 8 + length), bytes.length).tensors;
}

function check(bytes: Uint8Array, expected: Answer): void {
  if (!(expected instanceof RegExp)) {
    expect([...parse(bytes).keys()]).toEqual(expected);
    return;
  }
  expect(() => parse(bytes)).toThrow(expected);
  expect(() => parse(bytes)).toThrow(Failure);
}

const entry = (dtype: unknown, shape: unknown, offsets: unknown): unknown => ({
  a: { dtype, shape, data_offsets: offsets },
});

const cases: readonly (readonly [string, Uint8Array, Answer])[] = [
  ["accepts no tensors", safetensors({}, 0), []],
  ["accepts a scalar", safetensors(entry("F32", [], [0, 4]), 4), ["a"]],
  ["accepts spaces around the header", safetensors(" {}  \n", 0), []],
  ["accepts fields it does not know", safetensors({ a: { ...f32(0, 1), more: 1 } }, 4), ["a"]],
  ["accepts null as metadata", safetensors({ __metadata__: null }, 0), []],
  [
    "accepts a tensor named __proto__",
    safetensors(`{"__proto__":${JSON.stringify(f32(0, 1))}}`, 4),
    ["__proto__"],
  ],
  [
    "lists tensors by their bytes",
    safetensors({ b: f32(4, 1), a: f32(8, 1), c: f32(0, 1) }, 12),
    ["c", "b", "a"],
  ],
  [
    "accepts empty tensors between others",
    safetensors({ z: f32(4, 0), a: f32(0, 1), b: f32(4, 2) }, 12),
    ["a", "z", "b"],
  ],
  [
    "accepts an empty tensor with huge sides",
    safetensors(entry("F16", [2 ** 50, 2 ** 50, 0], [0, 0]), 0),
    ["a"],
  ],
  ["refuses fewer than 8 bytes", new Uint8Array(7), /at least 8 bytes long, got 7/],
  ["refuses an empty file", new Uint8Array(0), /must hold tensors, got an empty file/],
  ["refuses a header of no bytes", new Uint8Array(8), /1 to 100000000 bytes, got 0/],
  [
    "refuses a header over 100 MB",
    new Uint8Array(16).fill(255),
    /1 to 100000000 bytes, got 18446744073709551615/,
  ],
  [
    "refuses a header longer than the file",
    safetensors({ a: f32(0, 1) }, 0).subarray(0, 40),
    /whole header of \d+ bytes, got a file of 40/,
  ],
  [
    "refuses a header that is no JSON",
    safetensors("{]", 0),
    /JSON object, got bytes that are not JSON/,
  ],
  ["refuses a header padded with zeros", safetensors("{}\0\0", 0), /not JSON/],
  ["refuses a header that is no UTF-8", safetensors('{"\xff":1}', 0), /not JSON/],
  ["refuses a byte order mark", safetensors("\xef\xbb\xbf{}", 0), /not JSON/],
  ["refuses a list as header", safetensors("[]", 0), /JSON object, got \[\]/],
  [
    "refuses numbers as metadata",
    safetensors({ __metadata__: { a: 1 } }, 0),
    /__metadata__, got \{"a":1\}/,
  ],
  [
    "refuses an entry that is no object",
    safetensors({ a: 3 }, 0),
    /tensor a must have dtype, shape and data_offsets, got 3/,
  ],
  [
    "refuses a dtype outside the format",
    safetensors(entry("F128", [1], [0, 16]), 16),
    /dtype of the format, got "F128"/,
  ],
  [
    "refuses a dtype that objects inherit",
    safetensors(entry("toString", [1], [0, 4]), 4),
    /dtype of the format/,
  ],
  ["refuses a missing dtype", safetensors(entry(undefined, [1], [0, 4]), 4), /got nothing/],
  [
    "refuses a negative side",
    safetensors(entry("F32", [-1], [0, 4]), 4),
    /whole numbers, got \[-1\]/,
  ],
  [
    "refuses a broken side",
    safetensors(entry("F32", [0.5], [0, 2]), 2),
    /whole numbers, got \[0\.5\]/,
  ],
  ["refuses a side over 2^53", safetensors(entry("F32", [2 ** 54], [0, 4]), 4), /whole numbers/],
  [
    "refuses three offsets",
    safetensors(entry("F32", [1], [0, 4, 8]), 8),
    /two whole numbers as data_offsets/,
  ],
  [
    "refuses negative offsets",
    safetensors(entry("F32", [1], [-4, 0]), 4),
    /two whole numbers as data_offsets/,
  ],
  [
    "refuses offsets that run backwards",
    safetensors(entry("F32", [1], [4, 0]), 4),
    /take 4 bytes as F32 \[1\], got data_offsets 4 to 0/,
  ],
  [
    "refuses a wrong byte length",
    safetensors(entry("F32", [2, 3], [0, 20]), 20),
    /take 24 bytes as F32 \[2,3\], got data_offsets 0 to 20/,
  ],
  [
    "refuses a shape too large to count",
    safetensors(entry("F32", [2 ** 40, 2 ** 40], [0, 0]), 0),
    /take .* bytes/,
  ],
  ["refuses bits that fill no bytes", safetensors(entry("F4", [1], [0, 0]), 0), /take NaN bytes/],
  [
    "refuses a gap",
    safetensors({ a: f32(0, 1), b: f32(8, 1) }, 12),
    /tensor b must begin at byte 4, .* got 8/,
  ],
  [
    "refuses a gap at the start",
    safetensors({ a: f32(4, 1) }, 8),
    /tensor a must begin at byte 0, .* got 4/,
  ],
  [
    "refuses an overlap",
    safetensors({ a: f32(0, 2), b: f32(4, 2) }, 12),
    /tensor b must begin at byte 8, .* got 4/,
  ],
  [
    "refuses tensors beyond the file",
    safetensors({ a: f32(0, 2) }, 4),
    /must be \d+ bytes long by its header/,
  ],
  [
    "refuses bytes after the last tensor",
    safetensors({ a: f32(0, 1) }, 8),
    /must be \d+ bytes long by its header/,
  ],
  [
    "shortens a long name in a message",
    // Given by its bytes.
    safetensors(Buffer.from(JSON.stringify({ ["🦉".repeat(500)]: 3 })).toString("latin1"), 0),
    /tensor (?:🦉){79}… must/,
  ],
];

it.each(cases)("%s", (_, bytes, expected) => check(bytes, expected));

it.each(Object.entries(dtypeBits))("knows the size of %s", (dtype, bits) => {
  check(safetensors(entry(dtype, [8], [0, bits]), bits), ["a"]);
  check(safetensors(entry(dtype, [8], [0, bits + 1]), bits + 1), /take/);
});

it("gives offsets from the start of the file", () => {
  const bytes = safetensors({ a: f32(0, 3), b: f32(12, 1) }, 16);
  expect(parse(bytes).get("b")).toEqual({
    file: "x.safetensors",
    dtype: "F32",
    shape: [1],
    offset: bytes.length - 4,
    length: 4,
  });
});

/** Either slices that lie in the file with the right length, side by side, or a Failure. */
function checkAnyBytes(bytes: Uint8Array): boolean {
  let tensors: ReadonlyMap<string, StoredTensor>;
  try {
    tensors = parse(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return false;
  }
  let end = tensors.size === 0 ? bytes.length : Number.NaN;
  for (const { dtype, shape, offset, length } of tensors.values()) {
    expect(offset).toBeGreaterThanOrEqual(8);
    expect(offset + length).toBeLessThanOrEqual(bytes.length);
    expect(length * 8).toBe(shape.reduce((a, b) => a * b, 1) * dtypeBits[dtype]);
    if (!Number.isNaN(end)) expect(offset).toBe(end);
    end = offset + length;
  }
  expect(end).toBe(bytes.length);
  return true;
}

it("answers slices or a Failure for any bytes", () => {
  const withLength = fc.uint8Array({ maxLength: 64 }).map((bytes) => {
    const file = Buffer.alloc(8 + bytes.length);
    file.writeBigUInt64LE(BigInt(bytes.length));
    file.set(bytes, 8);
    return file;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 256 }), withLength), (bytes) => {
      checkAnyBytes(bytes);
    }),
    { numRuns: 12_000 },
  );
});

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
const validHeader = fc
  .array(fc.tuple(fc.string({ maxLength: 8 }), fc.constantFrom("F32", "F16", "I64", "U8"), shapes))
  .map((rows) => {
    let end = 0;
    const header: [string, unknown][] = [];
    for (const [name, dtype, shape] of new Map(rows.map((row) => [row[0], row])).values()) {
      const bits = dtypeBits[dtype as keyof typeof dtypeBits];
      const begin = end;
      end += (shape.reduce((a, b) => a * b, 1) * bits) / 8;
      header.push([name, { dtype, shape, data_offsets: [begin, end] }]);
    }
    return { header: Object.fromEntries(header.filter(([name]) => name !== "__metadata__")), end };
  });

it("accepts every header that keeps the rules", () => {
  fc.assert(
    fc.property(validHeader, ({ header, end }) => {
      const text = Buffer.from(JSON.stringify(header), "utf8").toString("latin1");
      expect(parse(safetensors(text, end)).size).toBe(Object.keys(header).length);
    }),
    { numRuns: 2_000 },
  );
});

it("answers slices or a Failure for a valid file with damage", () => {
  const seen = { valid: 0, refused: 0 };
  const digits = fc.constantFrom(...Buffer.from('0123456789-.,[]{}":eE'));
  const damage = fc.array(fc.tuple(fc.nat(), fc.oneof(digits, fc.nat({ max: 255 }))), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(validHeader, damage, fc.nat({ max: 4 }), ({ header, end }, changes, cut) => {
      const text = Buffer.from(JSON.stringify(header), "utf8").toString("latin1");
      const bytes = Uint8Array.from(safetensors(text, end));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const isValid = checkAnyBytes(cut === 1 ? bytes.subarray(0, -1) : bytes);
      seen[isValid ? "valid" : "refused"] += 1;
    }),
    { numRuns: 15_000 },
  );
  expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(100);
});
