// The folders to look for models in: what the user configured and the usual places, each recognised by what it
// contains (ComfyUI, A1111 and Forge, or a folder of models as it is).
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readExtraModelPaths } from "./extra-model-paths.ts";
import { type ModelPlaces, modelsVariable } from "./model-places.ts";
import { readSettings } from "./read-settings.ts";

/** Where a model was found; A1111 and Forge have the same folders. */
export type ModelSource = "built-in" | "huggingface" | "comfyui" | "a1111" | "folder";

interface Root {
  readonly source: Extract<ModelSource, "comfyui" | "a1111" | "folder">;
  /** Absolute. */
  readonly folder: string;
}

interface Roots {
  readonly roots: readonly Root[];
  /** Sentences about what is configured and cannot be used. */
  readonly notes: readonly string[];
}

/** In the order in which they are configured, then the usual ones. Throws `badSettings`. */
export function findRoots(places: ModelPlaces): Roots {
  const { settings, listed, usual, surroundings } = places;
  const configured = [
    ...readSettings(settings, surroundings).map((folder) => ({ folder, by: settings })),
    ...listed.map((folder) => ({ folder, by: modelsVariable })),
  ];
  const absent = configured.filter(({ folder }) => !isFolder(folder));
  const present = [...configured.map(({ folder }) => folder), ...usual].filter(isFolder);
  const found = [...new Set(present)].map((folder) => recognise(folder, places));
  return {
    roots: found.flatMap(({ roots }) => roots),
    notes: [
      ...absent.map(
        ({ folder, by }) =>
          `${by}: must name folders that are there, got ${folder}; correct the path or create the folder`,
      ),
      ...found.flatMap(({ notes }) => notes),
    ],
  };
}

function recognise(folder: string, { surroundings }: ModelPlaces): Roots {
  const extraFile = join(folder, "extra_model_paths.yaml");
  const extra = readExtraModelPaths(extraFile, surroundings);
  const comfyui = ["models/checkpoints", "models/diffusers"].map((name) => join(folder, name));
  const a1111 = join(folder, "models/Stable-diffusion");
  const known: readonly Root[] = [
    ...[...comfyui, ...extra.folders].map((path) => ({ source: "comfyui", folder: path }) as const),
    { source: "a1111", folder: a1111 },
  ];
  const roots = known.filter((root) => isFolder(root.folder));
  const gone = extra.folders.filter((path) => !isFolder(path));
  const notes = [
    ...extra.notes,
    ...gone.map(
      (path) => `${extraFile}: must name folders that are there, got ${path}; it is passed over`,
    ),
  ];
  if (roots.length > 0 || existsSync(extraFile)) return { roots, notes };
  return { roots: [{ source: "folder", folder }], notes };
}

/** Whether there is such a folder, as far as this user may see. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
