// The tokenizer of a model: from its own folder, or a vocabulary that comes with the program, for models in a single
// file, which hold none.
import { incompleteModel } from "../base/failure.ts";
import type { ReadText } from "../base/read-json.ts";
import type { TokenizerSource } from "../base/tokenizer-source.ts";
import { clipTokenizer } from "./clip-tokenizer.ts";
import { clipIds } from "./clip-vocabulary.ts";
import { loadClipTokenizer } from "./load-clip-tokenizer.ts";
import { loadT5Tokenizer } from "./load-t5-tokenizer.ts";
import type { PromptTokenizer } from "./prompt-tokenizer.ts";
import { parseMerges } from "./read-merges.ts";

/** `words` is the program's folder of vocabularies. Throws `incompleteModel` and `badConfig`. */
export function loadTokenizer(
  source: TokenizerSource,
  words: string,
  readText: ReadText,
): PromptTokenizer {
  if (source.kind === "folder") return loadClipTokenizer(source.folder, readText);
  if (source.kind === "t5") return loadT5Tokenizer(source.folder ?? `${words}/t5`, readText);
  return builtInClip(source, `${words}/clip`, readText);
}

function builtInClip(
  { padding }: { readonly padding: "end" | "first" },
  folder: string,
  readText: ReadText,
): PromptTokenizer {
  const path = `${folder}/merges.txt`;
  const text = readText(path);
  if (text === undefined) throw incompleteModel(folder, "merges.txt");
  const merges = parseMerges(path, text);
  const ids = clipIds(merges);
  const token = (content: string, normalized: boolean) => ({
    content,
    id: ids[content] as number,
    normalized,
  });
  const end = token("<|endoftext|>", true);
  return clipTokenizer({
    ids,
    merges,
    start: token("<|startoftext|>", true),
    end,
    padding: padding === "end" ? end : token("!", false),
  });
}
