// From what a recipe calls its model to a path on this disk. In this order: built in, a path, an id in the Hugging Face
// cache, the name of a file or folder in the catalogue. Only the last one looks through folders.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import {
  ambiguousModel,
  type Failure,
  invalidRecipe,
  noSuchModel,
  otherFormat,
  pickleRefused,
  unsupportedModel,
} from "../base/failure.ts";
import { isSingleFile } from "../base/single-file.ts";
import { nearest } from "../recipe/nearest.ts";
import { pickleName } from "../weights/refuse-pickle.ts";
import { candidatesNamed, namesOf, withoutEnding } from "./candidate-names.ts";
import {
  builtInModels,
  type Candidate,
  type Candidates,
  findCandidates,
  isDiffusers,
  namesIn,
} from "./find-candidates.ts";
import type { ModelPlaces } from "./model-places.ts";
import { findInHub } from "./scan-hub.ts";
import { expandPath } from "./surroundings.ts";

interface WantedModel {
  /** As a recipe has it: a word, or a path, which is absolute. */
  readonly model: string;
  /** As its author wrote it: what was made a path may have been meant as the name of a file elsewhere. */
  readonly written: string;
  /** Folder where somebody may have meant a path to start. */
  readonly near: string;
}

/** `nearest` is the name that comes closest to one that there is not. */
type FoundModel =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "absent"; readonly failure: Failure; readonly nearest?: string };

/** Finds models on this machine; looks through its folders once, when a name first makes it necessary. */
export interface ModelFinder {
  /** Absolute path of a model: its folder, or its single file. Rejects with Failures. */
  find(wanted: WantedModel): Promise<string>;
  /** The same as a value; rejects with `badSettings` only. */
  lookUp(wanted: WantedModel): Promise<FoundModel>;
}

export function openModelFinder(places: ModelPlaces): ModelFinder {
  let looked: Promise<Candidates> | undefined;
  const lookUp = async (wanted: WantedModel): Promise<FoundModel> => {
    const found = lookUpFast(wanted, places);
    if (found !== undefined) return found;
    looked ??= findCandidates(places);
    return lookUpName(wanted, (await looked).candidates, builtInModels(places));
  };
  return {
    lookUp,
    find: async (wanted) => {
      const found = await lookUp(wanted);
      if (found.kind === "found") return found.path;
      throw found.failure;
    },
  };
}

/** What needs no look through folders; undefined for a name that may be a file's. */
function lookUpFast(
  { model, written, near }: WantedModel,
  places: ModelPlaces,
): FoundModel | undefined {
  const builtIn = join(places.builtIn, model);
  if (/^[\w-]+$/.test(model) && existsSync(builtIn)) return { kind: "found", path: builtIn };
  const isHomed = /^~[/\\]/.test(written);
  const path = isHomed ? expandPath(written, places.surroundings, near) : model;
  if (isAbsolute(path) && existsSync(path)) return checkPath(path);
  if (isHomed || isPath(written)) {
    const close = nearestBeside(written, path);
    return absent(noSuchModel(written, close, builtInModels(places)), close);
  }
  const snapshot = findInHub(written, places.hub);
  return snapshot === undefined ? undefined : lookInSnapshot(written, snapshot);
}

function lookUpName(
  { written, near }: WantedModel,
  candidates: readonly Candidate[],
  builtIn: readonly string[],
): FoundModel {
  const [first, ...others] = candidatesNamed(written, candidates).map(({ path }) => path);
  if (first !== undefined)
    return others.length === 0
      ? checkPath(first)
      : absent(ambiguousModel(written, [first, ...others]));
  if (existsSync(resolve(near, written)))
    return absent(
      invalidRecipe(
        `model: must begin with ./ where it lies beside the recipe, got "${written}"; write ./${written}`,
      ),
    );
  const close = nearestName(written, candidates) ?? nearestBeside(written, resolve(near, written));
  return absent(noSuchModel(written, close, builtIn), close);
}

/** A repository in diffusers format, or of one checkpoint in a single file. */
function lookInSnapshot(id: string, snapshot: string): FoundModel {
  const names = namesIn(snapshot);
  const files = isDiffusers(names) ? [] : names.filter(isSingleFile);
  const [only = "", ...others] = files.map((name) => join(snapshot, name));
  return others.length === 0
    ? { kind: "found", path: only || snapshot }
    : absent(ambiguousModel(id, [only, ...others]));
}

function absent(failure: Failure, nearestName?: string): FoundModel {
  return {
    kind: "absent",
    failure,
    ...(nearestName === undefined ? {} : { nearest: nearestName }),
  };
}

/** Whether this can be nothing but a path. */
function isPath(written: string): boolean {
  return isAbsolute(written) || /^\.\.?([/\\]|$)/.test(written);
}

function nearestName(written: string, candidates: readonly Candidate[]): string | undefined {
  const names = [...namesOf(candidates)].filter(([{ kind }]) => kind !== "pickle");
  const stems = new Map(names.map(([, name]) => [withoutEnding(name), name]));
  const stem = nearest(withoutEnding(written), [...stems.keys()]);
  return stem === undefined ? undefined : stems.get(stem);
}

/** The path as written with the name in the same folder that comes closest. */
function nearestBeside(written: string, path: string): string | undefined {
  const names = namesIn(dirname(path)).filter((name) => isSingleFile(name) || !name.includes("."));
  const close = nearest(basename(path), names);
  return close && written.slice(0, written.length - basename(written).length) + close;
}

function checkPath(path: string): FoundModel {
  if (isSingleFile(path)) return { kind: "found", path };
  if (isFolder(path)) return checkFolder(path);
  if (pickleName.test(path)) return absent(pickleRefused(path));
  if (/\.gguf$/i.test(path))
    return absent(otherFormat(path, "GGUF, a format of quantized weights"));
  return absent(unsupportedModel(path, "a file of another kind", supported));
}

/** A link that leads nowhere, or in a circle, does not lead to one. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** One that lacks some of a model's parts, or all of them, is found: whoever reads it says what is not there. */
function checkFolder(path: string): FoundModel {
  const names = namesIn(path);
  if (names.length === 0 || names.some((name) => modelPart.test(name)))
    return { kind: "found", path };
  return absent(unsupportedModel(path, "a folder without model_index.json", supported));
}

const modelPart =
  /^(model_index\.json|(text_encoder|tokenizer)(_\d)?|unet|transformer|vae|scheduler)$/;

const supported =
  "a folder in diffusers format (model_index.json and its parts) or a single .safetensors file";
