// Tokens of texts, as transformers' tokenizers count them from the same files.
import { expect, test } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { readT5Config } from "../../daemon/config/t5-config.ts";
import { countTokens } from "../../daemon/planner/count-tokens.ts";
import { loadTokenizer } from "../../daemon/tokens/load-tokenizer.ts";
import { tiny } from "../plan/plan-inputs.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { readText } from "../support/published-run.ts";

const sd3 = tiny("sd3");
const withT5 = {
  ...sd3,
  thirdText: readT5Config(modelFixture("t5"), readText),
  tokenizers: {
    ...sd3.tokenizers,
    tokenizer_3: { kind: "t5", folder: modelFixture("t5/tokenizer_3") },
  },
} as typeof sd3;

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
  check("a calm lake at dawn", withT5, ["CLIP 7 / 77", "T5 17 / 256"]));

test("a text that is cut is counted to its end", () =>
  check(long, withT5, ["CLIP 302 / 77", "T5 301 / 256"]));

test("of a book only the beginning is counted", () => {
  const book = "a ".repeat(100_000);
  const [clip] = countTokens(book, sd3, (source) => loadTokenizer(source, "", readModelText));
  expect(clip?.used).toBe(2002);
});
