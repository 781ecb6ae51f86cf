// The catalogue as JSON objects, the form in which it leaves this program.
import type { ModelPlaces } from "./model-places.ts";
import { type Catalogue, readCatalogue } from "./read-catalogue.ts";

/** One flat object an entry. Rejects with `badSettings` only. */
export async function listModels(
  places: ModelPlaces,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { entries } = await readCatalogue(places);
  return entries.map(flatten);
}

/** `state` is the kind of the entry's state, what it says besides stands beside it. */
export function flatten({ facts, state, ...entry }: Catalogue["entries"][number]) {
  const { kind, ...rest } = state;
  return { ...entry, ...facts, ...rest, state: kind };
}
