// The words of a prompt with their tokens, over one text encoder and over several.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { promptWords } from "../../daemon/pipeline/prompt-words.ts";
import { loadTokenizer } from "../../daemon/tokens/load-tokenizer.ts";

const media = join(import.meta.dirname, "../../media");
const read = (path: string): string => readFileSync(path, "utf8");
const clip = {
  encoder: { positions: 77, place: "beside" },
  tokenizer: loadTokenizer({ kind: "built-in", padding: "end" }, media, read),
} as const;
const t5 = {
  encoder: { positions: 256, place: "after" },
  tokenizer: loadTokenizer({ kind: "t5", folder: null }, media, read),
} as const;
const short = { ...clip, encoder: { positions: 4, place: "beside" } } as const;

it.each([
  ["a hot-air Balloon, flying", [clip], "a 1, hot 2, air 4, Balloon 5, flying 7"],
  ["photorealisticness", [clip], "photorealisticness 1 2 3 4"],
  ["red Balloon", [clip, clip], "red 1, Balloon 2"],
  ["red Balloon", [clip, clip, t5], "red 1 77, Balloon 2 78 79 80"],
  ["a red balloon", [short], "a 1, red 2"],
  ["... !", [clip], ""],
])("%j", (text, encoders, expected) => {
  const shown = promptWords(text, encoders).map(
    ({ start, end, tokens }) => `${text.slice(start, end)} ${tokens.join(" ")}`,
  );
  expect(shown.join(", ")).toBe(expected);
});
