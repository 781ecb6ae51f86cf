// From what a recipe calls its model to a path on this disk: built in, a folder, a single file, or the Hugging Face cache.
import { existsSync, readdirSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { invalidRecipe, noSuchModel, pickleRefused, unsupportedModel } from "../base/failure.ts";
import { readText } from "../base/read-text.ts";
import { isSingleFile } from "../base/single-file.ts";
import { cacheFolder } from "./cache-folder.ts";

export interface ModelPlaces {
  /** Folder whose folders are the built-in models. */
  readonly builtIn: string;
  /** Folder of the Hugging Face hub's cache. */
  readonly hub: string;
  /** Folder of CLIP's own vocabulary, for models that hold none. */
  readonly clip: string;
}

/** The places of this machine. */
export function modelPlaces(root: string, env: NodeJS.ProcessEnv): ModelPlaces {
  const home = env["HF_HOME"] || join(cacheFolder(env), "huggingface");
  return {
    builtIn: join(root, "media/models"),
    hub: env["HF_HUB_CACHE"] || join(home, "hub"),
    clip: join(root, "media/clip"),
  };
}

/**
 * Absolute path of a model: its folder, or its single file. A relative path is none here: recipes hold absolute ones, so that a recipe which others
 * extend finds its model from everywhere. `near` is where somebody may have meant one. Throws Failures.
 */
export function findModel(name: string, near: string, places: ModelPlaces): string {
  const builtIn = join(places.builtIn, name);
  if (/^[\w-]+$/.test(name) && existsSync(builtIn)) return builtIn;
  const cached = findInHub(name, places.hub);
  if (cached !== undefined) return cached;
  if (isAbsolute(name) && existsSync(name)) return checkedPath(name);
  if (existsSync(resolve(near, name)))
    throw invalidRecipe(
      `model: must begin with ./ where it lies beside the recipe, got "${name}"; write ./${name}`,
    );
  throw noSuchModel(name, builtInModels(places));
}

/** Names of the models that come with the program. */
export function builtInModels({ builtIn }: ModelPlaces): readonly string[] {
  return namesIn(builtIn).filter((name) => isModel(join(builtIn, name)));
}

/** Ids of the models in the Hugging Face cache that are in diffusers format. */
export function cachedModels({ hub }: ModelPlaces): readonly string[] {
  return namesIn(hub)
    .flatMap((folder) => /^models--(.+?)--(.+)$/.exec(folder)?.slice(1).join("/") ?? [])
    .filter((name) => isModel(findInHub(name, hub)));
}

function isModel(folder: string | undefined): boolean {
  return folder !== undefined && existsSync(join(folder, "model_index.json"));
}

/** In order; none where there is no such folder, or none that this user may look into. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function checkedPath(path: string): string {
  if (statSync(path).isDirectory() || isSingleFile(path)) return path;
  if (/\.(ckpt|bin|pt|pth|pkl)$/i.test(path)) throw pickleRefused(path);
  throw unsupportedModel(
    path,
    "a file of another kind",
    "a folder in diffusers format (model_index.json and its parts) or a single .safetensors file",
  );
}

/** "org/name" → the snapshot that its main branch points at. */
function findInHub(name: string, hub: string): string | undefined {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return undefined;
  const folder = join(hub, `models--${name.replace("/", "--")}`);
  const revision = readText(join(folder, "refs/main"))?.trim();
  if (revision === undefined) return undefined;
  const snapshot = join(folder, "snapshots", revision);
  return existsSync(snapshot) ? snapshot : undefined;
}
