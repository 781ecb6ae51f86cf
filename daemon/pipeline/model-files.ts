// The files of weights that an open model is made of. Networks open again and again by the places that were read first: of a
// file that was written meanwhile the runtime would take whatever bytes lie there now, without a word.
import { type BigIntStats, statSync } from "node:fs";
import { changedLora, changedWeights } from "../base/failure.ts";
import { componentsOf } from "../config/components-of.ts";
import type { ModelConfig } from "../config/model-config.ts";
import type { LoraFile } from "../config/read-lora.ts";
import { explainRead } from "../weights/explain-read.ts";
import { weightFiles } from "../weights/open-weights.ts";

/** Each once, by its name in the model. Throws what `weightFiles` throws. */
export function modelFiles(config: ModelConfig): readonly string[] {
  const files = componentsOf(config).flatMap((component) => weightFiles(config.folder, component));
  return [...new Set(files)];
}

/**
 * What this returns throws `changedWeights` or `changedLora` where one of the files has been written or replaced since.
 * Another name or other rights for it end no run.
 */
export function guardFiles(weights: readonly string[], loras: readonly LoraFile[]): () => void {
  const before = [
    ...weights.map((file) => ({ file, facts: factsOf(file), changed: changedWeights })),
    ...loras.map(({ file }) => ({ file, facts: factsOf(file), changed: changedLora })),
  ];
  return () => {
    for (const { file, facts, changed } of before)
      if (wasWritten(facts, factsOf(file))) throw changed(file);
  };
}

/** What the system says of a file. */
type FileFacts = Pick<BigIntStats, "ino" | "size" | "mtimeNs" | "ctimeNs">;

/**
 * Whether a file was written or replaced between these. One that is renamed into its place is another inode and has another
 * time of change; other rights change that time alone, and file systems without inodes of their own, such as exFAT and sshfs,
 * give a file another number whenever they have forgotten the one before.
 */
export function wasWritten(before: FileFacts, now: FileFacts): boolean {
  const isReplaced = now.ino !== before.ino && now.ctimeNs !== before.ctimeNs;
  return isReplaced || now.size !== before.size || now.mtimeNs !== before.mtimeNs;
}

function factsOf(file: string): FileFacts {
  try {
    return statSync(file, { bigint: true });
  } catch (error) {
    throw explainRead(file, error);
  }
}
