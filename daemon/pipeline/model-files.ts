// The files of weights that an open model is made of. Networks open again and again by the places that were read first: of a
// file that was written meanwhile the runtime would take whatever bytes lie there now, without a word.
import { statSync } from "node:fs";
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
    ...weights.map((file) => ({ file, content: contentOf(file), changed: changedWeights })),
    ...loras.map(({ file }) => ({ file, content: contentOf(file), changed: changedLora })),
  ];
  return () => {
    for (const { file, content, changed } of before)
      if (contentOf(file) !== content) throw changed(file);
  };
}

function contentOf(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    throw explainRead(file, error);
  }
}
