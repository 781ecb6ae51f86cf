// The golden tokenizer folder, with files replaced or taken away for a test.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ReadText } from "../../daemon/base/read-json.ts";

/** Its path. */
export const goldenFolder = join(import.meta.dirname, "../goldens/models/sd21/tokenizer");

/** Reads the folder as if it held `files` too; null takes a file away. */
export function readGolden(files: Readonly<Record<string, string | null>> = {}): ReadText {
  return (path) => {
    const changed = files[basename(path)];
    if (changed !== undefined) return changed ?? undefined;
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
}

/** As in Stable Diffusion 2.1, whose tokenizer_config.json says something else. */
export const bangMap = JSON.stringify({
  bos_token: { content: "<|startoftext|>", normalized: true },
  eos_token: { content: "<|endoftext|>", normalized: true },
  pad_token: "!",
});
