// Everything that may be a model in all places of this machine, by names alone: enough to find what a recipe names, and
// fast enough to ask while somebody types.
import { readdirSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { isSingleFile } from "../base/single-file.ts";
import { findRoots, type ModelSource } from "./find-roots.ts";
import { inParallel } from "./in-parallel.ts";
import type { ModelPlaces } from "./model-places.ts";
import { scanHub } from "./scan-hub.ts";
import { type FoundModel, walkFolder } from "./walk-folder.ts";

export interface Candidate {
  readonly source: ModelSource;
  /** Folder in which it was looked for. */
  readonly place: string;
  /** Absolute. */
  readonly path: string;
  /** The same with every link followed: what several programs share has one. */
  readonly realPath: string;
  readonly kind: FoundModel["kind"];
  /** The one name of a built-in model or of one of the hub; null where the path is what names it. */
  readonly id: string | null;
}

export interface Candidates {
  /** Built-in ones, the hub's, then those of folders in the order of the folders; shared ones under each path. */
  readonly candidates: readonly Candidate[];
  /** Sentences about what was passed over. */
  readonly notes: readonly string[];
}

/** Rejects with `badSettings` only. */
export async function findCandidates(places: ModelPlaces): Promise<Candidates> {
  const { roots, notes } = findRoots(places);
  const hub = await hubCandidates(places.hub);
  const walked = await inParallel(roots, ({ folder }) => walkFolder(folder), 4);
  const inFolders = roots.flatMap(({ source, folder }, index) =>
    (walked[index]?.found ?? []).map(
      (one): Candidate => ({ source, place: folder, ...one, id: null }),
    ),
  );
  return {
    candidates: [...builtInCandidates(places), ...hub, ...inFolders],
    notes: [...new Set([...notes, ...walked.flatMap((one) => one.notes)])],
  };
}

/** Names of the models that come with the program. */
export function builtInModels({ builtIn }: ModelPlaces): readonly string[] {
  return namesIn(builtIn).filter((name) =>
    namesIn(join(builtIn, name)).includes("model_index.json"),
  );
}

function builtInCandidates(places: ModelPlaces): readonly Candidate[] {
  return builtInModels(places).map((name) => {
    const path = join(places.builtIn, name);
    return {
      source: "built-in",
      place: places.builtIn,
      path,
      realPath: path,
      kind: "folder",
      id: name,
    };
  });
}

/** A repository holds a model in diffusers format, checkpoints in single files, or both. */
async function hubCandidates(hub: string): Promise<readonly Candidate[]> {
  const repositories = await scanHub(hub);
  const found = repositories.flatMap(
    ({ id, snapshot }): readonly Omit<Candidate, "source" | "place" | "realPath">[] => {
      const names = namesIn(snapshot);
      const files = names.filter(isSingleFile).map((name) => join(snapshot, name));
      return [
        ...(isDiffusers(names) ? [{ path: snapshot, kind: "folder", id } as const] : []),
        ...files.map((path) => ({ path, kind: "file", id: null }) as const),
      ];
    },
  );
  return inParallel(found, async (one) => {
    const realPath = await realpath(one.path).catch(() => one.path);
    return { source: "huggingface", place: hub, realPath, ...one };
  });
}

/** A download may have been interrupted before the index came. */
export function isDiffusers(names: readonly string[]): boolean {
  const parts = ["unet", "transformer"].some((name) => names.includes(name));
  return names.includes("model_index.json") || (parts && names.includes("vae"));
}

/** In order; none where there is no such folder, or none that this user may look into. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Each model once, under the first path that it has. */
export function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const firsts = new Map(candidates.toReversed().map((one) => [one.realPath, one]));
  return candidates.filter((one) => firsts.get(one.realPath) === one);
}
