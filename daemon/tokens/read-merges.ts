// The words and merges of a CLIP tokenizer: vocab.json with merges.txt, or tokenizer.json for both.
import { z } from "zod";
import { badConfig, incompleteModel } from "../base/failure.ts";
import { type ReadText, readJson } from "../base/read-json.ts";

/** Token → id, and the pairs to join, the first one first; each joined pair is a token. */
export interface Merges {
  readonly ids: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
}

/** Throws `incompleteModel` where a file is absent and `badConfig` where one is not what it should be. */
export function readMerges(folder: string, readText: ReadText): Merges {
  const ids = readJson(idsSchema, `${folder}/vocab.json`, readText);
  const mergesPath = `${folder}/merges.txt`;
  const text = readText(mergesPath);
  if (ids !== undefined && text !== undefined)
    return checkMerges(mergesPath, { ids, merges: parseMerges(mergesPath, text) });
  const path = `${folder}/tokenizer.json`;
  const json = readJson(tokenizerSchema, path, readText);
  if (json === undefined)
    throw incompleteModel(folder, ids === undefined ? "vocab.json" : "merges.txt");
  const merges = json.model.merges.map((merge) =>
    typeof merge === "string" ? parsePair(path, merge) : merge,
  );
  return checkMerges(path, { ids: json.model.vocab, merges });
}

const idsSchema = z.record(z.string(), z.int().nonnegative());

const tokenizerSchema = z.object({
  model: z.object({
    type: z.literal("BPE"),
    end_of_word_suffix: z.literal("</w>"),
    vocab: idsSchema,
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});

/** OpenAI's own file has more lines than CLIP's vocabulary has room for; the reference drops those too. */
const mostMerges = 49152 - 256 - 2;

/** The pairs of a merges.txt. Throws `badConfig`. */
export function parseMerges(path: string, text: string): readonly (readonly [string, string])[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const first = lines[0]?.startsWith("#version") ? 1 : 0;
  return lines
    .slice(first)
    .filter((line) => line !== "")
    .slice(0, mostMerges)
    .map((line) => parsePair(path, line));
}

function parsePair(path: string, line: string): readonly [string, string] {
  const [left, right, ...rest] = line.split(" ");
  if (!left || !right || rest.length > 0)
    throw badConfig(path, "must have two tokens in each merge", JSON.stringify(line));
  return [left, right];
}

function checkMerges(path: string, merges: Merges): Merges {
  for (const pair of merges.merges)
    if (!Object.hasOwn(merges.ids, pair.join("")))
      throw badConfig(path, "must make tokens of the vocabulary only", `"${pair.join(" ")}"`);
  return merges;
}
