// A recipe's pictures: those that its runs tell of, and those that lie where it paints to and name it inside.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { findDocument } from "../../daemon/recipe/find-recipes.ts";
import { printedName } from "../../daemon/recipe/printed-keys.ts";
import { isMadeBy } from "../plan-request/recipe-documents.ts";
import { type RecipePlace, runsOf } from "../runs/recipe-runs.ts";
import { type KeptInside, keptInside, nothingInside } from "./kept-inside.ts";
import { paintersOf } from "./painters.ts";
import { type PictureHead, readPictureHead } from "./picture-head.ts";

export interface FoundPicture {
  /** Absolute. */
  readonly path: string;
  /** Of the recipe that painted it. */
  readonly recipe: string;
  /** The run that painted it; null where none of it is known. */
  readonly runId: number | null;
  readonly head: PictureHead;
  /** When the file was written, milliseconds since 1970. */
  readonly atMs: number;
  /** How long its run took; null where no run of it is known. */
  readonly seconds: number | null;
  /** What is kept of the inside of its run. */
  readonly inside: KeptInside;
}

/** What is known of a file as long as it is the same. */
interface KnownFile {
  readonly mark: string;
  readonly head: PictureHead | undefined;
}

/** Remembers what it has read, by path, for as long as it lives. */
export interface PictureFinder {
  /** Newest first; `runs` are all that are known. Files that are gone or are no PNG are left out. */
  find(place: RecipePlace, runs: readonly RunRecord[]): Promise<readonly FoundPicture[]>;
}

/** Files of one folder that are looked at, those with the highest numbers: a folder of many thousand pictures is no gallery. */
const mostFiles = 500;

export function openPictureFinder(): PictureFinder {
  const known = new Map<string, KnownFile>();
  return {
    find: async (place, runs) => {
      const ours = new Set(runsOf(place, runs));
      const painters = paintersOf(runs);
      const found: FoundPicture[] = [];
      for (const path of await candidates(place, ours)) {
        const painter = painters.get(path);
        const run = painter !== undefined && ours.has(painter) ? painter : undefined;
        const picture = await examine(path, { place, run, known });
        if (picture !== undefined) found.push(picture);
      }
      return found.sort((one, other) => other.atMs - one.atMs || (one.path < other.path ? -1 : 1));
    },
  };
}

/** Where the recipes of a file paint to unless they say another place. */
export function resultsFolder(file: string): string {
  return join(dirname(file), "results");
}

/** What these runs have painted, and what lies in the recipe's folders. */
async function candidates(
  place: RecipePlace,
  runs: ReadonlySet<RunRecord>,
): Promise<ReadonlySet<string>> {
  const paths = new Set([...runs].flatMap(({ pictures }) => pictures.map(({ path }) => path)));
  const folders = new Set([...(await ownFolders(place)), ...[...paths].map(dirname)]);
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    const pictures = names.filter((one) => /\.png$/i.test(one)).sort();
    for (const each of pictures.slice(-mostFiles)) paths.add(join(folder, each));
  }
  return paths;
}

/** Of the recipe, of those that its sweep and its `compare` make, and of its methods' comparison. */
async function ownFolders({ file, name, names }: RecipePlace): Promise<readonly string[]> {
  const results = resultsFolder(file);
  const isOwn = (folder: string): boolean => {
    const own = folder.replace(/-compare$/, "");
    return name === "" ? findDocument(own, names) >= 0 : isMadeBy({ name, names }, own);
  };
  const folders = (await readdir(results).catch(() => [])).filter(isOwn);
  return [name, ...folders].map((folder) => join(results, folder));
}

interface Surroundings {
  readonly place: RecipePlace;
  readonly run: RunRecord | undefined;
  readonly known: Map<string, KnownFile>;
}

async function examine(
  path: string,
  { place, run, known }: Surroundings,
): Promise<FoundPicture | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  const mark = `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
  const old = known.get(path);
  const head = old?.mark === mark ? old.head : await readPictureHead(path);
  known.set(path, { mark, head });
  if (head === undefined) return undefined;
  const recipe = run?.name ?? recipeName(head.recipe, path);
  if (run === undefined && !isMadeBy(place, recipe)) return undefined;
  return {
    path,
    recipe,
    runId: run?.id ?? null,
    head,
    atMs: facts.mtimeMs,
    seconds: run?.state.kind === "done" ? run.state.seconds : null,
    inside: run === undefined ? nothingInside : keptInside(run, path),
  };
}

/** The name that a picture's recipe gives itself, or that of the folder it lies in where it has none. */
function recipeName(text: string | null, path: string): string {
  return text === null ? basename(dirname(path)) : (printedName(text) ?? "");
}
