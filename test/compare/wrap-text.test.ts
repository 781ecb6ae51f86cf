// Lines that fit: a letter is as wide as one.
import { expect, it } from "vitest";
import { wrapText } from "../../daemon/compare/wrap-text.ts";

const letters = { widthOf: (text: string) => [...text].length };

it.each<{ text: string; width: number; most?: number; lines: readonly string[] }>([
  { text: "one two three", width: 20, lines: ["one two three"] },
  { text: "one two three", width: 7, lines: ["one two", "three"] },
  { text: "one  two\nthree", width: 8, lines: ["one two", "three"] },
  { text: "", width: 5, lines: [] },
  { text: "scalecrafter", width: 5, lines: ["scale", "craft", "er"] },
  { text: "a scalecrafter", width: 5, lines: ["a", "scale", "craft", "er"] },
  { text: "one two three four", width: 5, most: 2, lines: ["one", "two…"] },
  { text: "one two three four", width: 5, most: 3, lines: ["one", "two", "thre…"] },
  { text: "one two", width: 5, most: 2, lines: ["one", "two"] },
])("$text in $width letters, $most lines", ({ text, width, most, lines }) => {
  const room = most === undefined ? { width } : { width, most };
  expect(wrapText(text, letters, room)).toEqual(lines);
});
