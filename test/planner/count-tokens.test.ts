// Tokens of texts, as transformers' tokenizers count them from the same files.
import { expect, test } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { countTokens } from "../../daemon/planner/count-tokens.ts";
import { loadTokenizer } from "../../daemon/tokens/load-tokenizer.ts";
import { sd3, sd3WithT5 } from "./sd3-with-t5.ts";

/** "encoder used / positions" of each kind of encoder. */
function check(text: string, model: typeof sd3, expected: readonly string[]): void {
  const counts = countTokens(text, model, (source) => loadTokenizer(source, "", readModelText));
  const shown = counts.map(({ encoder, used, positions }) => `${encoder} ${used} / ${positions}`);
  expect(shown).toEqual(expected);
}

const long = Array<string>(300).fill("a").join(" ");

test("a text is counted with the tokens around it", () => {
  check("a calm lake at dawn", sd3, ["CLIP 7 / 77"]);
  check("", sd3, ["CLIP 2 / 77"]);
});

test("T5 counts for itself", () =>
  check("a calm lake at dawn", sd3WithT5, ["CLIP 7 / 77", "T5 17 / 256"]));

test("a text that is cut is counted to its end", () =>
  check(long, sd3WithT5, ["CLIP 302 / 77", "T5 301 / 256"]));

test("of a book only the beginning is counted", () => {
  const book = "a ".repeat(100_000);
  const [clip] = countTokens(book, sd3, (source) => loadTokenizer(source, "", readModelText));
  expect(clip?.used).toBe(2002);
});
