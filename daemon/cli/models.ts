// `frecas models`: the catalogue as a table or as JSON, what was passed over on stderr.
import { flatten } from "../catalogue/list-models.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";
import { showCatalogue } from "./show-catalogue.ts";

export async function models(
  { json }: OutputOptions,
  { places, terminal }: CliContext,
): Promise<number> {
  const { entries, notes } = await readCatalogue(places);
  if (json) for (const entry of entries) terminal.out(JSON.stringify(flatten(entry)));
  else for (const line of showCatalogue(entries, places.surroundings.home)) terminal.out(line);
  for (const note of notes) terminal.err(note);
  return 0;
}
