// What can be a model below a folder, by names alone: folders in diffusers format, .safetensors files, old pickles.
// Looks into sub-folders level by level, each real folder once, so that links in a circle end.
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSingleFile } from "../base/single-file.ts";
import { inParallel } from "./in-parallel.ts";

/** `realPath` has every symlink resolved; of a link to nowhere it is `path`. */
export interface FoundModel {
  readonly path: string;
  readonly realPath: string;
  readonly kind: "folder" | "file" | "pickle";
}

interface Walked {
  /** By path. */
  readonly found: readonly FoundModel[];
  /** Sentences about what was passed over. */
  readonly notes: readonly string[];
}

/** Levels of sub-folders, and folders in all: far more than collections of models have, far fewer than a disk. */
const deepest = 8;
const mostFolders = 20_000;

/** Folders that people don't put models in. */
const passedOver = /^\.|^(node_modules|__pycache__|venv)$/;

/** Never throws for what the disk says: what cannot be read becomes a note. */
export async function walkFolder(root: string): Promise<Walked> {
  const seen = new Set<string>();
  const found: FoundModel[] = [];
  const notes: string[] = [];
  let level: readonly string[] = [root];
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    const looks = await inParallel(level, look);
    const next: string[] = [];
    for (const { real, models, folders, note } of looks) {
      if (note !== undefined) notes.push(note);
      if (seen.has(real)) continue;
      seen.add(real);
      found.push(...models);
      next.push(...folders);
    }
    if (seen.size + next.length > mostFolders) {
      notes.push(
        `${root}: must hold at most ${mostFolders} folders, got more; name the folders of models in it`,
      );
      break;
    }
    level = next;
  }
  found.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { found, notes };
}

interface Look {
  readonly real: string;
  readonly models: readonly FoundModel[];
  readonly folders: readonly string[];
  readonly note?: string;
}

async function look(folder: string): Promise<Look> {
  try {
    const real = await realpath(folder);
    const entries = await readdir(folder, { withFileTypes: true });
    const sorted = await Promise.all(entries.map((entry) => sort({ folder, real }, entry)));
    const models = sorted.flatMap((one) => one.model ?? []);
    if (entries.every(({ name }) => name !== "model_index.json"))
      return { real, models, folders: sorted.flatMap((one) => one.folder ?? []) };
    // Checkpoints may lie beside the parts of a model in diffusers format, whose own folders hold no other model.
    return {
      real,
      models: [{ path: folder, realPath: real, kind: "folder" }, ...models],
      folders: [],
    };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    const note = `${folder}: must be a folder that this user can read, got ${why}; it is passed over`;
    return { real: folder, models: [], folders: [], note };
  }
}

/** What one name in a folder is: a model, a folder to look into, or nothing of interest. */
async function sort(
  parent: { readonly folder: string; readonly real: string },
  entry: Dirent,
): Promise<{ readonly model?: FoundModel; readonly folder?: string }> {
  const path = join(parent.folder, entry.name);
  const link = entry.isSymbolicLink() ? await follow(path) : undefined;
  if (entry.isDirectory() || link?.isFolder)
    return passedOver.test(entry.name) ? {} : { folder: path };
  const kind = kindOf(entry.name);
  if (kind === undefined || !(entry.isFile() || link !== undefined)) return {};
  return { model: { path, realPath: link?.real ?? join(parent.real, entry.name), kind } };
}

/** A link to nowhere was meant to be a file. */
async function follow(
  path: string,
): Promise<{ readonly isFolder: boolean; readonly real: string }> {
  try {
    return { isFolder: (await stat(path)).isDirectory(), real: await realpath(path) };
  } catch {
    return { isFolder: false, real: path };
  }
}

/** Other pickles than .ckpt are rarely whole models. */
function kindOf(name: string): "file" | "pickle" | undefined {
  if (name.startsWith(".")) return undefined;
  if (isSingleFile(name)) return "file";
  return /\.ckpt$/i.test(name) ? "pickle" : undefined;
}
