// A CLIP tokenizer from its folder in a model (vocab.json, merges.txt and the names of special tokens).
// Decides which file says what; does no IO of its own.
import { z } from "zod";
import { badConfig } from "../base/failure.ts";
import { type ReadText, readJson } from "../base/read-json.ts";
import { clipTokenizer, type SpecialToken } from "./clip-tokenizer.ts";
import type { PromptTokenizer } from "./prompt-tokenizer.ts";
import { readMerges } from "./read-merges.ts";

/** `folder` is the tokenizer's own. Throws `incompleteModel` and `badConfig`. */
export function loadClipTokenizer(folder: string, readText: ReadText): PromptTokenizer {
  const { ids, merges } = readMerges(folder, readText);
  const special = (named: Named): SpecialToken => {
    const id = Object.hasOwn(ids, named.content) ? ids[named.content] : undefined;
    if (id !== undefined) return { ...named, id };
    throw badConfig(folder, `must have the token ${named.content} in its vocabulary`, "none");
  };
  const names = readNames(folder, readText);
  return clipTokenizer({
    ids,
    merges,
    start: special(names.start),
    end: special(names.end),
    padding: special(names.padding),
  });
}

type Named = Omit<SpecialToken, "id">;

/** A token is written as its text alone or with its properties. */
const tokenSchema = z
  .union([z.string(), z.object({ content: z.string(), normalized: z.boolean().default(false) })])
  .nullish();

const namesSchema = z.object({
  bos_token: tokenSchema,
  eos_token: tokenSchema,
  pad_token: tokenSchema,
});

/** special_tokens_map.json goes before tokenizer_config.json: SD 2.1 pads with "!", which only the first says. */
function readNames(
  folder: string,
  readText: ReadText,
): { readonly start: Named; readonly end: Named; readonly padding: Named } {
  const files = ["special_tokens_map.json", "tokenizer_config.json"].map((name) =>
    readJson(namesSchema, `${folder}/${name}`, readText),
  );
  const find = (key: keyof z.infer<typeof namesSchema>, otherwise: Named): Named => {
    const token = files.map((file) => file?.[key]).find((value) => value);
    if (!token) return otherwise;
    return typeof token === "string" ? { content: token, normalized: false } : token;
  };
  const end = find("eos_token", { content: "<|endoftext|>", normalized: false });
  const padding = find("pad_token", end);
  return {
    start: find("bos_token", { content: "<|startoftext|>", normalized: false }),
    end,
    // One token has one way to be found, and the end's goes first.
    padding: padding.content === end.content ? end : padding,
  };
}
