// What the language server knows of this machine's models. The catalogue is read in the background and never waited for.

import type { Problem } from "../../daemon/base/problem.ts";
import { readModelText } from "../../daemon/base/read-text.ts";
import type { CatalogueEntry } from "../../daemon/catalogue/catalogue-entry.ts";
import { checkModels } from "../../daemon/catalogue/check-models.ts";
import { openModelFinder } from "../../daemon/catalogue/find-model.ts";
import type { ModelPlaces } from "../../daemon/catalogue/model-places.ts";
import { readCatalogue } from "../../daemon/catalogue/read-catalogue.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import type { ModelChoice } from "./complete.ts";

export interface KnownModels {
  /** Those that are known by now; none before the first reading has ended. */
  choices(): readonly ModelChoice[];
  /** Begins to look anew, unless it is looking. */
  lookAgain(): void;
  /** Files may have changed: where models were found is not remembered any more. The choices stay. */
  forget(): void;
  /** The configs of a recipe's model; undefined where it is not here or cannot be read. */
  configOf(recipe: Recipe, folder: string): Promise<ModelConfig | undefined>;
  /** Models of these recipes that are not here, as warnings. `folder` is the recipe file's. */
  check(recipes: readonly Recipe[], folder: string): Promise<readonly Problem[]>;
}

const defaultModel = "vista";

/** Looks at nothing before it is asked to. Settings that cannot be used leave it without models and warnings. */
export function openKnownModels(places: ModelPlaces): KnownModels {
  let choices: readonly ModelChoice[] = [];
  let finder = openModelFinder(places);
  let isReading = false;
  const forget = (): void => {
    finder = openModelFinder(places);
  };
  return {
    choices: () => choices,
    forget,
    lookAgain: () => {
      forget();
      if (isReading) return;
      isReading = true;
      void readCatalogue(places)
        .then(({ entries }) => {
          choices = entries.filter(({ state }) => state.kind === "complete").map(toChoice);
        })
        .catch(() => {})
        .finally(() => {
          isReading = false;
        });
    },
    configOf: async ({ model = defaultModel, writtenModel }, near) => {
      try {
        const path = await finder.find({ model, written: writtenModel?.text ?? model, near });
        return readModel(path, readModelText);
      } catch {
        return undefined;
      }
    },
    check: async (recipes, folder) => checkModels(recipes, folder, finder).catch(() => []),
  };
}

function toChoice({ name, facts, source }: CatalogueEntry): ModelChoice {
  const words = facts === null ? [] : [facts.family, `${facts.nativePx} px`];
  return { name, detail: [...words, source].join(", ") };
}
