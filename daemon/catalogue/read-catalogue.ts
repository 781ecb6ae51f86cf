// The catalogue: every model of this machine that a recipe can name, with what it is and whether it can paint. Reads
// configs and headers, never weights.
import { join } from "node:path";
import { pickleRefused } from "../base/failure.ts";
import { type LayoutRules, publishedRules } from "../config/family-rules.ts";
import { namesOf } from "./candidate-names.ts";
import type { CatalogueEntry, ModelState } from "./catalogue-entry.ts";
import { examineFile } from "./examine-file.ts";
import { examineFolder } from "./examine-folder.ts";
import { type Candidate, distinct, findCandidates } from "./find-candidates.ts";
import { inParallel } from "./in-parallel.ts";
import { measureBytes } from "./measure-bytes.ts";
import type { ModelPart } from "./model-part.ts";
import type { ModelPlaces } from "./model-places.ts";
import { interruptedDownloads } from "./scan-hub.ts";

export interface Catalogue {
  /** Built-in ones, the hub's by id, then those of folders by path. */
  readonly entries: readonly CatalogueEntry[];
  /** Sentences about places that were passed over and files that are no models by themselves. */
  readonly notes: readonly string[];
}

/** `rules` are as in `readModel`. Rejects with `badSettings` only. */
export async function readCatalogue(
  places: ModelPlaces,
  rules: LayoutRules = publishedRules,
): Promise<Catalogue> {
  const { candidates, notes } = await findCandidates(places);
  const names = namesOf(candidates);
  const examined = await inParallel(distinct(candidates), async (candidate) => {
    const name = names.get(candidate) ?? candidate.path;
    return examine(candidate, name, rules);
  });
  const parts = examined.flatMap((one) => (typeof one === "string" ? [one] : []));
  return {
    entries: examined.flatMap((one) => (typeof one === "object" ? [one] : [])),
    notes: [...notes, ...countParts(parts)],
  };
}

/** An entry; the kind of part that a file is instead; or undefined for a file of the hub that is of something else. */
async function examine(
  candidate: Candidate,
  name: string,
  rules: LayoutRules,
): Promise<CatalogueEntry | ModelPart | undefined> {
  const { source, place, path, kind } = candidate;
  const bytes = await measureBytes(path);
  const shared = { name, source, place, path, bytes };
  switch (kind) {
    case "pickle":
      return {
        ...shared,
        facts: null,
        state: { kind: "refused", why: pickleRefused(path).message },
      };
    case "folder": {
      const { facts, state } = examineFolder(path);
      return {
        ...shared,
        facts,
        state: source === "huggingface" ? interrupted(path, state) : state,
      };
    }
    case "file": {
      const file = await examineFile(path, rules);
      const isStranger = file.kind === "part" || file.facts === null;
      // The hub's cache holds the files of every other kind of model too.
      if (source === "huggingface" && isStranger) return undefined;
      return file.kind === "part" ? file.part : { ...shared, facts: file.facts, state: file.state };
    }
    default:
      return kind satisfies never;
  }
}

function interrupted(snapshot: string, state: ModelState): ModelState {
  const count = interruptedDownloads(snapshot);
  if (state.kind !== "incomplete" || count === 0) return state;
  const blobs = join(snapshot, "../../blobs");
  const note = `model ${snapshot}: must be downloaded completely, got ${count} unfinished in ${blobs}; download it again, which goes on from there`;
  return { kind: "incomplete", missing: [...state.missing, note] };
}

function countParts(parts: readonly ModelPart[]): readonly string[] {
  if (parts.length === 0) return [];
  const kinds = [...new Set(parts)].sort();
  const counts = kinds.map((kind) => {
    const count = parts.filter((part) => part === kind).length;
    return `${count} ${kind}${count === 1 ? "" : "s"}`;
  });
  return [`not listed, because they are no models by themselves: ${counts.join(", ")}`];
}
