// A folder with a home in it, for tests of the catalogue: nothing of the machine that runs them is seen.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { CatalogueEntry } from "../../daemon/catalogue/catalogue-entry.ts";
import { type ModelPlaces, modelPlaces } from "../../daemon/catalogue/model-places.ts";
import { readCatalogue } from "../../daemon/catalogue/read-catalogue.ts";
import { tinyRules, writeOriginal } from "../support/original-layout.ts";
import { whenOver } from "../support/when-over.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Workplace {
  readonly home: string;
  readonly hub: string;
  /** The places of this home, with variables of the environment. */
  places(env?: Readonly<Record<string, string>>): ModelPlaces;
  /** Writes a file below the home, folders included, and returns its path. */
  write(path: string, content: string | Uint8Array): string;
}

/** Gone when the test that opens it is, or the file's tests are. */
export function openWorkplace(): Workplace {
  const home = mkdtempSync(join(tmpdir(), "frecas-catalogue-"));
  whenOver(() => rmSync(home, { recursive: true, force: true }));
  return {
    home,
    hub: join(home, ".cache/huggingface/hub"),
    places: (env = {}) =>
      modelPlaces(root, { env, home, cache: join(home, ".cache"), cwd: home, platform: "linux" }),
    write: (path, content) => {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}

/** An entry as one line: name, source, family, side, precision, state. */
function show({ name, source, facts, state }: CatalogueEntry): string {
  const what = facts === null ? "?" : `${facts.family} ${facts.nativePx} ${facts.precision}`;
  return `${name} ${source} ${what} ${state.kind}`;
}

const sentencesOf = ({ state }: CatalogueEntry): readonly string[] =>
  state.kind === "incomplete" ? state.missing : state.kind === "refused" ? [state.why] : [];

interface Expected {
  /** Lines of all entries but the built-in one's. */
  readonly entries: readonly string[];
  /** What is said of the entries together. */
  readonly says?: readonly RegExp[];
  readonly notes?: readonly RegExp[];
}

/** The catalogue of the workplace; returns all entries but the built-in one's. */
export async function checkCatalogue(
  workplace: Workplace,
  { entries, says = [], notes = [] }: Expected,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly CatalogueEntry[]> {
  const catalogue = await readCatalogue(workplace.places(env), tinyRules);
  const [vista, ...others] = catalogue.entries;
  expect(vista && show(vista)).toBe("vista built-in sd 128 fp16 complete");
  expect(others.map(show)).toEqual(entries);
  expect(others.flatMap(sentencesOf)).toEqual(says.map((one) => expect.stringMatching(one)));
  expect(catalogue.notes).toEqual(notes.map((one) => expect.stringMatching(one)));
  return others;
}

/** Writes a small Stable Diffusion 1.5 in one file, below the home. */
export function writeTiny({ home }: Workplace, path: string): string {
  const file = join(home, path);
  writeOriginal(file, "sd15");
  return file;
}
