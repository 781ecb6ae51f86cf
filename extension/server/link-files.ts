// Files that a recipe names, as links: prompts, the picture to enlarge, LoRAs, models.
import { dirname, join, resolve } from "node:path";
import type { DocumentLink } from "vscode-languageserver";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import type { Written } from "../../daemon/recipe/written.ts";
import { toUri } from "./file-uri.ts";
import { toLspRange } from "./lsp-range.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import type { RecipeText } from "./recipe-text.ts";
import { visitValues } from "./visit-values.ts";

/** What there is at an absolute path. */
export type Look = (path: string) => "file" | "folder" | "nothing";

/** Links to files that are there; a model's folder is opened by its index. */
export function linkFiles({ text, file, memory }: RecipeText, look: Look): DocumentLink[] {
  const values = readYaml(text, memory).flatMap(({ root }) => visitValues(root));
  return values.flatMap(({ path, value }): DocumentLink[] => {
    const written = fileIn(meaningOf(path), value);
    if (written === undefined) return [];
    const target = targetOf(resolve(dirname(file), written), look);
    return target === undefined ? [] : [{ range: toLspRange(value.range), target: toUri(target) }];
  });
}

/** The path that is written; undefined for a value that is none. */
function fileIn(meaning: Meaning | undefined, value: Written): string | undefined {
  if (meaning === undefined || value.kind !== "scalar" || typeof value.value !== "string")
    return undefined;
  const { key, field } = meaning;
  const isPath =
    key === "prompts" ||
    key === "model" ||
    (key === "init" && field === "image") ||
    (key === "lora" && (field ?? "file") === "file");
  return isPath && value.value.trim() !== "" ? value.value.trim() : undefined;
}

function targetOf(path: string, look: Look): string | undefined {
  const found = look(path);
  if (found === "file") return path;
  const index = join(path, "model_index.json");
  return found === "folder" && look(index) === "file" ? index : undefined;
}
