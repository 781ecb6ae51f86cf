// The models of this machine for completion: read in the background, never waited for.
import type { CatalogueEntry } from "../../daemon/catalogue/catalogue-entry.ts";
import type { ModelPlaces } from "../../daemon/catalogue/model-places.ts";
import { readCatalogue } from "../../daemon/catalogue/read-catalogue.ts";
import type { ModelChoice } from "./complete.ts";

export interface ModelShelf {
  /** Those that are known by now; none before the first reading has ended. */
  known(): readonly ModelChoice[];
  /** Reads them once; resolves when they are known. */
  read(): Promise<void>;
}

/** Nothing is read before it is asked for. Settings that cannot be used leave the shelf empty. */
export function openModelShelf(places: ModelPlaces): ModelShelf {
  let choices: readonly ModelChoice[] = [];
  let reading: Promise<void> | undefined;
  return {
    known: () => choices,
    read: () => {
      reading ??= readCatalogue(places).then(
        ({ entries }) => {
          choices = entries.filter(({ state }) => state.kind === "complete").map(toChoice);
        },
        () => {},
      );
      return reading;
    },
  };
}

function toChoice({ name, facts, source }: CatalogueEntry): ModelChoice {
  const words = facts === null ? [] : [facts.family, `${facts.nativePx} px`];
  return { name, detail: [...words, source].join(", ") };
}
