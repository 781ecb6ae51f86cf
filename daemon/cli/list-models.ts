// Every model that a recipe can name by a word or an id, and whether this program can run it.
import { Failure } from "../base/failure.ts";
import { readModelText } from "../base/read-text.ts";
import { type ModelFamily, readModelConfig } from "../config/model-config.ts";
import { checkModel } from "../plan/check-model.ts";
import { builtInModels, cachedModels, findModel, type ModelPlaces } from "./find-model.ts";

/** A family where its configs can be run; else the sentence of why not. Weights are not looked at. */
export type ListedModel = {
  readonly name: string;
  readonly folder: string;
  readonly kind: "built-in" | "cache";
} & ({ readonly family: ModelFamily } | { readonly unsupported: string });

/** Built-in ones first, then those of the Hugging Face cache, each by name. */
export function listModels(places: ModelPlaces): readonly ListedModel[] {
  const list = (kind: ListedModel["kind"], names: readonly string[]): readonly ListedModel[] =>
    names.map((name) => {
      const folder = findModel(name, places.builtIn, places);
      return { name, folder, kind, ...examine(folder) };
    });
  return [...list("built-in", builtInModels(places)), ...list("cache", cachedModels(places))];
}

function examine(folder: string): { family: ModelFamily } | { unsupported: string } {
  try {
    const config = readModelConfig(folder, readModelText);
    checkModel(config);
    return { family: config.family };
  } catch (error) {
    if (error instanceof Failure) return { unsupported: error.message };
    throw error;
  }
}
