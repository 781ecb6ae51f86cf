// Where in a prompt its tokens stand, with the vocabularies that come with the program.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../daemon/tokens/load-tokenizer.ts";
import type { PromptTokenizer } from "../../daemon/tokens/prompt-tokenizer.ts";

const words = join(import.meta.dirname, "../../media");
const read = (path: string): string => readFileSync(path, "utf8");
const clip = loadTokenizer({ kind: "built-in", padding: "end" }, words, read);
const t5 = loadTokenizer({ kind: "t5", folder: null }, words, read);

/** Each token as the characters that it stands for; "" for those around the words. */
function check(
  tokenizer: PromptTokenizer,
  text: string,
  expected: string,
  positions?: number,
): void {
  const places = tokenizer.places(text, positions);
  const shown = places.map((place) => (place ? text.slice(place.start, place.end) : ""));
  expect(shown.join("|")).toBe(expected);
  expect(places.length).toBe(tokenizer.encode(text, positions).used);
}

describe("CLIP's tokens", () => {
  it.each([
    ["a hot-air Balloon, over 12 hills", "|a|hot|-|air|Balloon|,|over|1|2|hills|"],
    ["photorealisticness", "|photo|reali|stic|ness|"],
    ["", "|"],
    ["don't  stop", "|don|'t|stop|"],
    ["É lac", "|É|lac|"],
  ])("of %j", (text, expected) => check(clip, text, expected));

  it("of a letter in several tokens are all that letter", () => check(clip, "𓀀", "|𓀀|𓀀|𓀀|𓀀|"));

  it("are those that fit", () => check(clip, "sky lake pink", "|sky|lake|", 4));
});

describe("T5's tokens", () => {
  it.each([
    // A mark of a word's beginning that stands alone is no character of the text.
    ["a hot-air Balloon", "|a|hot|-|air|Ball|o|on|"],
    ["", ""],
  ])("of %j", (text, expected) => check(t5, text, expected));
});

describe.each([
  ["CLIP", clip],
  ["T5", t5],
])("the tokens of %s", (_, tokenizer) => {
  it("stand in the order of the text and inside it, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        const places = tokenizer.places(text, 90).filter((place) => place !== null);
        let start = 0;
        for (const place of places) {
          expect(place.start).toBeGreaterThanOrEqual(start);
          expect(place.end).toBeGreaterThan(place.start);
          expect(place.end).toBeLessThanOrEqual(text.length);
          start = place.start;
        }
      }),
    );
  });
});
