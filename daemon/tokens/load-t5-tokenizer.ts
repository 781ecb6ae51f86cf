// T5's tokenizer from a tokenizer.json. Takes the steps that T5's files are made of, and refuses others by name: a step
// left out would give other ids without a word.
import { z } from "zod";
import { badConfig, incompleteModel } from "../base/failure.ts";
import { type ReadText, readJson } from "../base/read-json.ts";
import { characterMap } from "./character-map.ts";
import type { PromptTokenizer } from "./prompt-tokenizer.ts";
import { type T5SpecialToken, t5Tokenizer } from "./t5-tokenizer.ts";

/** `folder` is the tokenizer's own. Throws `incompleteModel` and `badConfig`. */
export function loadT5Tokenizer(folder: string, readText: ReadText): PromptTokenizer {
  const path = `${folder}/tokenizer.json`;
  const json = readJson(schema, path, readText);
  if (json === undefined) throw incompleteModel(folder, "tokenizer.json");
  const special = (content: string): T5SpecialToken => {
    const found = json.added_tokens.find((token) => token.content === content);
    if (found !== undefined) return found;
    throw badConfig(path, `must have the token ${content} among its added_tokens`, "none");
  };
  const steps = listOf(json.normalizer, "normalizers");
  return t5Tokenizer({
    // They come from float32, which some files write with fewer digits.
    pieces: json.model.vocab.map(([piece, score]) => [piece, Math.fround(score)]),
    unknownId: json.model.unk_id,
    specials: json.added_tokens,
    endId: special("</s>").id,
    paddingId: special("<pad>").id,
    normalize: readMap(path, steps),
    normalizers: steps.flatMap(libraryStep),
    preTokenizers: listOf(json.pre_tokenizer, "pretokenizers"),
  });
}

const precompiled = z.object({
  type: z.literal("Precompiled"),
  precompiled_charsmap: z.string(),
});
const strip = z.object({
  type: z.literal("Strip"),
  strip_left: z.boolean(),
  strip_right: z.boolean(),
});
const replace = z.object({
  type: z.literal("Replace"),
  pattern: z.union([z.object({ Regex: z.string() }), z.object({ String: z.string() })]),
  content: z.string(),
});
const normalizer = z.discriminatedUnion("type", [precompiled, strip, replace]);

const metaspace = z.object({
  type: z.literal("Metaspace"),
  replacement: z.literal("\u2581").default("\u2581"),
  prepend_scheme: z.literal("always").default("always"),
  // How older files say the same.
  add_prefix_space: z.literal(true).optional(),
  split: z.literal(true).default(true),
});
const preTokenizer = z.discriminatedUnion("type", [
  metaspace,
  z.object({ type: z.literal("WhitespaceSplit") }),
]);

const sequence = z.literal("Sequence");

const schema = z.object({
  added_tokens: z.array(
    z.object({
      content: z.string().min(1),
      id: z.int().nonnegative(),
      lstrip: z.boolean().default(false),
      rstrip: z.boolean().default(false),
      single_word: z.literal(false).default(false),
      normalized: z.literal(false),
    }),
  ),
  normalizer: z
    .union([normalizer, z.object({ type: sequence, normalizers: z.array(normalizer) })])
    .nullable(),
  pre_tokenizer: z.union([
    preTokenizer,
    z.object({ type: sequence, pretokenizers: z.array(preTokenizer) }),
  ]),
  model: z.object({
    type: z.literal("Unigram"),
    unk_id: z.int().nonnegative(),
    vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
    byte_fallback: z.literal(false).default(false),
  }),
});

/** As the library is to take it. Its Strip knows JavaScript's whitespace, which is not the reference's. */
function libraryStep(step: z.infer<typeof normalizer>): readonly object[] {
  if (step.type === "Precompiled") return [];
  if (step.type === "Replace") return [step];
  const sides = [
    step.strip_left ? "^\\p{White_Space}+" : "",
    step.strip_right ? "\\p{White_Space}+$" : "",
  ];
  const pattern = { Regex: sides.filter((side) => side !== "").join("|") };
  return pattern.Regex === "" ? [] : [{ type: "Replace", pattern, content: "" }];
}

/** One step, a sequence of them, or none. */
function listOf<Step extends object, Name extends string>(
  value: Step | { readonly [key in Name]: readonly Step[] } | null,
  name: Name,
): readonly Step[] {
  if (value === null) return [];
  return name in value
    ? (value as { readonly [key in Name]: readonly Step[] })[name]
    : [value as Step];
}

function readMap(
  path: string,
  steps: readonly z.infer<typeof normalizer>[],
): (text: string) => string {
  const [first, ...others] = steps;
  if (others.some(({ type }) => type === "Precompiled"))
    throw badConfig(path, "must have its Precompiled normalizer first", "another order");
  if (first?.type !== "Precompiled") return (text) => text;
  const map = characterMap(Buffer.from(first.precompiled_charsmap, "base64"));
  if (map === null)
    throw badConfig(path, '"precompiled_charsmap" must be a map of characters', "other bytes");
  return map;
}
