// CLIP's own vocabulary, which models in a single file are read with: ids as transformers' CLIPTokenizer gives them.
import { join } from "node:path";
import { expect, it } from "vitest";
import type { TokenizerSource } from "../../daemon/base/tokenizer-source.ts";
import { loadTokenizer } from "../../daemon/tokens/load-tokenizer.ts";
import { goldenFolder, readGolden } from "./golden-folder.ts";

const wordsFolder = join(import.meta.dirname, "../../media");

function check(source: TokenizerSource, text: string, expected: readonly number[]): void {
  const { ids } = loadTokenizer(source, wordsFolder, readGolden()).encode(text, expected.length);
  expect([...ids]).toEqual(expected);
}

const end = { kind: "built-in", padding: "end" } as const;
const first = { kind: "built-in", padding: "first" } as const;

it.each([
  [
    "fills up with the end",
    end,
    "a photo of a cat",
    [49406, 320, 1125, 539, 320, 2368, 49407, 49407],
  ],
  [
    "fills up with the first token, and finds it in texts, as a folder's does",
    first,
    "hello world!",
    [49406, 3306, 1002, 0, 49407, 0, 0],
  ],
  [
    "splits words and numbers and knows accents",
    end,
    "It's 3 o'clock; naïve café",
    [49406, 585, 568, 274, 334, 262, 6716, 282, 1097, 35689, 563, 15304, 49407],
  ],
  [
    "is the folder's own where there is one",
    { kind: "folder", folder: goldenFolder },
    "a",
    [794, 320, 795],
  ],
] as const)("a tokenizer %s", (_, source, text, expected) => check(source, text, expected));

it("a program without its vocabulary says so", () => {
  const load = () => loadTokenizer(end, wordsFolder, readGolden({ "merges.txt": null }));
  const message = expect.stringMatching(/media\/clip: must hold merges\.txt/);
  expect(load).toThrow(expect.objectContaining({ code: "model.incomplete", message }));
});
