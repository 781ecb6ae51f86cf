// ComfyUI's extra_model_paths.yaml: sections, each with a base_path and lists of folders for each kind of file.
// Reference: ComfyUI utils/extra_config.py; a section that is not understood is left out with a note.
import { dirname } from "node:path";
import { parseDocument } from "yaml";
import { readText } from "../base/read-text.ts";
import { expandPath, type Surroundings } from "./surroundings.ts";

/** Folders of whole models, absolute; `notes` are sentences about what cannot be read. */
export interface ExtraPaths {
  readonly folders: readonly string[];
  readonly notes: readonly string[];
}

/** Kinds of files that can be whole models. */
const kinds = ["checkpoints", "diffusers"] as const;

/** Empty where there is no such file. */
export function readExtraModelPaths(file: string, surroundings: Surroundings): ExtraPaths {
  const text = readText(file);
  if (text === undefined) return { folders: [], notes: [] };
  const document = parse(text);
  if (!isMapping(document)) return { folders: [], notes: [note(file, document)] };
  const folders = Object.values(document).flatMap((section) => {
    if (!isMapping(section)) return [];
    const from = dirname(file);
    const base = section["base_path"];
    const start = typeof base === "string" ? expandPath(base, surroundings, from) : from;
    return kinds.flatMap((kind) =>
      linesOf(section[kind]).map((line) => expandPath(line, surroundings, start)),
    );
  });
  return { folders: [...new Set(folders)], notes: [] };
}

/** The mapping of sections, null for an empty file, or a text that says what is wrong. */
function parse(text: string): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) return error.message.split("\n")[0];
  try {
    return document.toJS() ?? {};
  } catch (error) {
    return error instanceof Error ? error.message : "an error";
  }
}

function note(file: string, got: unknown): string {
  const what = typeof got === "string" ? `"${got}"` : "a list";
  return `${file}: must be YAML with sections of paths, got ${what}; it is left out until it is mended`;
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** ComfyUI reads one folder a line; a YAML list is meant the same. */
function linesOf(value: unknown): readonly string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts
    .flatMap((text) => (typeof text === "string" ? text.split("\n") : []))
    .map((line) => line.trim())
    .filter(Boolean);
}
