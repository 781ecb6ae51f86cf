// The files of weights that an open model is made of. Networks open again and again by the places that were read first: of a
// file that was written meanwhile the runtime would take whatever bytes lie there now, without a word.
import { statSync } from "node:fs";
import { changedWeights } from "../base/failure.ts";
import { componentsOf } from "../config/components-of.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { explainRead } from "../weights/explain-read.ts";
import { weightFiles } from "../weights/open-weights.ts";

/** Each once, by its name in the model. Throws what `weightFiles` throws. */
export function modelFiles(config: ModelConfig): readonly string[] {
  const files = componentsOf(config).flatMap((component) => weightFiles(config.folder, component));
  return [...new Set(files)];
}

/**
 * What this returns throws `changedWeights` where one of the files has been written since. Another name or other rights
 * for it end no run: only size and time of the contents count.
 */
export function guardFiles(files: readonly string[]): () => void {
  const before = new Map(files.map((file) => [file, contentOf(file)]));
  return () => {
    for (const [file, content] of before)
      if (contentOf(file) !== content) throw changedWeights(file);
  };
}

function contentOf(file: string): string {
  try {
    const { size, mtimeNs } = statSync(file, { bigint: true });
    return `${size} ${mtimeNs}`;
  } catch (error) {
    throw explainRead(file, error);
  }
}
