// Ids against the goldens and against transformers 5.23's CLIPTokenizer (clip-ids.json: awkward texts,
// each also with "!" as the padding token where that changes them), and where long prompts are cut.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { loadClipTokenizer } from "../../daemon/tokens/load-clip-tokenizer.ts";
import { bangMap, goldenFolder, readGolden } from "./golden-folder.ts";

const plain = loadClipTokenizer(goldenFolder, readGolden());
const bang = loadClipTokenizer(goldenFolder, readGolden({ "special_tokens_map.json": bangMap }));

interface Input {
  readonly text: string;
  readonly tokenizer?: typeof plain;
  readonly positions?: number;
}

/** The ids, padding included, and where the text was cut. */
interface Answer {
  readonly ids: readonly number[];
  readonly cut: number | null;
}

function check({ text, tokenizer = plain, positions = 77 }: Input, expected: Answer): void {
  const { ids, cutAt } = tokenizer.encode(text, positions);
  expect({ ids: [...ids], cut: cutAt }).toEqual(expected);
}

function pad(ids: string, padding: number): readonly number[] {
  const numbers = ids.split(" ").map(Number);
  return [...numbers, ...new Array<number>(77 - numbers.length).fill(padding)];
}

function readRows<T>(path: string): readonly T[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, path), "utf8")) as readonly T[];
}

const goldens = readRows<{ readonly text: string; readonly ids: readonly number[] }>(
  "../goldens/tokens.json",
);

it.each(goldens)("gives the golden ids of $text", ({ text, ids }) => {
  expect([...plain.encode(text).ids]).toEqual(ids);
});

interface Row {
  readonly text: string;
  readonly ids: string;
  readonly cut: number | null;
  readonly bang?: string;
}

const rows = readRows<Row>("clip-ids.json");

it.each(rows.map((row) => [JSON.stringify(row.text).slice(0, 50), row] as const))(
  "agrees with the reference on %s",
  (_, { text, ids, cut }) => check({ text }, { ids: pad(ids, 795), cut }),
);

it("agrees with the reference where ! is the padding", () => {
  expect(rows.filter((row) => row.bang).length).toBeGreaterThan(30);
  for (const { text, ids, bang: ours = ids } of rows) {
    const answer = bang.encode(text);
    expect([text, [...answer.ids]]).toEqual([text, pad(ours, 0)]);
  }
});

/** `|` marks the first character that does not fit in the positions. */
const cuts: readonly (readonly [string, number, string])[] = [
  ["before a word", 4, "sky lake |pink"],
  ["before punctuation", 4, "sky lake|, pink"],
  ["inside a word", 4, "wo|w"],
  ["before an accented letter of which a part fits", 5, "東 |é"],
  ["before a letter with a loose accent", 5, "東 |e\u0301"],
  ["before a whole emoji of many parts", 6, "sky |👩‍👩‍👧‍👦"],
  ["after a special token", 4, "sky<|endoftext|>|sky"],
  ["before the first word where nothing fits", 2, "  |sky"],
];

it.each(cuts)("cuts %s", (_, positions, marked) => {
  const { cutAt } = plain.encode(marked.replace("|", ""), positions);
  expect(cutAt).toBe(marked.indexOf("|"));
});

it("keeps a prompt that just fits", () => {
  expect(plain.encode("sky ".repeat(75)).cutAt).toBe(null);
  expect(plain.encode("sky ".repeat(76)).cutAt).toBe(300);
});

it("counts the ids before the padding", () => {
  expect(plain.encode("").used).toBe(2);
  expect(plain.encode("sky lake").used).toBe(4);
  expect(plain.encode("sky ".repeat(200)).used).toBe(77);
});

it("frames every text with start and end, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.nat({ max: 90 }), (text, n) => {
      const { ids, used, cutAt } = plain.encode(text, n + 2);
      expect([ids.length, ids[0], ids[used - 1]]).toEqual([n + 2, 794, 795]);
      expect(ids.subarray(used).every((id) => id === 795)).toBe(true);
      expect(ids.every((id) => id >= 0 && id <= 795)).toBe(true);
      if (cutAt === null) return;
      expect([used, cutAt < text.length]).toEqual([n + 2, true]);
      expect(text.slice(0, cutAt)).not.toMatch(/[\ud800-\udbff]$/);
    }),
    { numRuns: 2_000 },
  );
});

it("accepts halves of surrogate pairs", () => {
  check({ text: "\ud83c", positions: 6 }, { ids: [794, 171, 123, 377, 795, 795], cut: null });
});

it("encodes a thousand words in a moment", () => {
  const start = performance.now();
  plain.encode("snowy mountains behind a calm photorealistic lake ".repeat(143));
  plain.encode("x".repeat(20_000));
  expect(performance.now() - start).toBeLessThan(1_000);
});
