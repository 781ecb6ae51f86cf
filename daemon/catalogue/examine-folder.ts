// A folder in diffusers format: what it is and whether all of it is there. Reads configs and headers only.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { incompleteModel } from "../base/failure.ts";
import { readModelText } from "../base/read-text.ts";
import type { TokenizerSource } from "../base/tokenizer-source.ts";
import { componentsOf } from "../config/components-of.ts";
import { type ModelConfig, readModelConfig } from "../config/model-config.ts";
import { checkModel } from "../plan/check-model.ts";
import { findWeights } from "../weights/find-weights.ts";
import type { ModelFacts, ModelState } from "./catalogue-entry.ts";
import { attempt, judge, refuseTypes } from "./judge.ts";
import { factsOf } from "./model-facts.ts";

/** Never throws for what is on the disk. */
export function examineFolder(folder: string): {
  readonly facts: ModelFacts | null;
  readonly state: ModelState;
} {
  const read = attempt(folder, () => readModelConfig(folder, readModelText));
  if ("trouble" in read) return { facts: null, state: judge([read.trouble]) };
  const config = read.value;
  const found = componentsOf(config).map((component) =>
    attempt(folder, () => findWeights(folder, component, "fp32")),
  );
  const networks = found.flatMap((one) => ("value" in one ? [one.value] : []));
  const checks = [
    attempt(folder, () => checkModel(config)),
    attempt(folder, () => refuseTypes(networks)),
    ...wordSources(config).map((words) => attempt(folder, () => requireWords(words))),
  ];
  const troubles = [...found, ...checks].flatMap((one) => ("trouble" in one ? [one.trouble] : []));
  return { facts: factsOf(config, networks), state: judge(troubles) };
}

/** Where the words of the model's own text encoders are. */
function wordSources(config: ModelConfig): readonly TokenizerSource[] {
  const { tokenizer, tokenizer_2, tokenizer_3 } = config.tokenizers;
  const second = config.family === "sd" ? [] : [tokenizer_2];
  const third = config.family === "sd3" && config.thirdText !== null ? [tokenizer_3] : [];
  return [tokenizer, ...second, ...third];
}

/** Throws `incompleteModel` where no way of writing down the words is whole. */
function requireWords(source: TokenizerSource): void {
  const { kind } = source;
  const folder = kind === "built-in" ? null : source.folder;
  if (folder === null) return;
  const holds = (name: string): boolean => existsSync(join(folder, name));
  const isPair = kind === "folder" && holds("vocab.json") && holds("merges.txt");
  if (isPair || holds("tokenizer.json")) return;
  const ofPair = holds("vocab.json") ? "merges.txt" : "vocab.json";
  const absent = kind === "t5" ? "tokenizer.json" : ofPair;
  throw incompleteModel(dirname(folder), join(basename(folder), absent));
}
