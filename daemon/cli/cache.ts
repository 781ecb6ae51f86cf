// `frecas cache`: the prepared networks that are kept, with size and age; `frecas cache clear` takes them away.
import { rmSync } from "node:fs";
import { invalidCommand, outputFailed } from "../base/failure.ts";
import { explainWrite } from "../base/write-file.ts";
import type { CachePlace } from "../cache/cache-place.ts";
import { type ListedEntry, listEntries } from "../cache/list-entries.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";

/** Throws `invalidCommand` for another action than "clear", and `outputFailed` where something cannot be taken away. */
export function cache(
  action: string | undefined,
  options: OutputOptions,
  context: CliContext,
): number {
  if (action !== undefined && action !== "clear")
    throw invalidCommand(`cache ${action}, where only cache and cache clear are commands`);
  const place = context.networks();
  if (place === null) context.terminal.err("no networks are kept: FRECAS_CACHE_LIMIT is 0");
  else if (action === "clear") clear(place, options, context);
  else list(place, options, context);
  return 0;
}

function list(
  { folder, limitBytes }: CachePlace,
  { json }: OutputOptions,
  { terminal }: CliContext,
) {
  const entries = listEntries(folder);
  for (const entry of entries) terminal.out(json ? JSON.stringify(shown(entry)) : describe(entry));
  const bytes = sizeOf(entries);
  if (json) terminal.out(JSON.stringify({ folder, bytes, limitBytes }));
  else terminal.err(`${folder}: ${gigabytes(bytes)} of at most ${gigabytes(limitBytes)}`);
}

function clear({ folder }: CachePlace, { json }: OutputOptions, { terminal }: CliContext): void {
  const bytes = sizeOf(listEntries(folder));
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw outputFailed(folder, explainWrite(error));
  }
  if (json) terminal.out(JSON.stringify({ folder, clearedBytes: bytes }));
  else terminal.err(`${folder}: ${gigabytes(bytes)} cleared`);
}

const shown = ({ lastUsedMs, ...entry }: ListedEntry) => ({
  ...entry,
  lastUsed: new Date(lastUsedMs).toISOString(),
});

function describe({ model, network, bytes, lastUsedMs, folder }: ListedEntry): string {
  const what = model === null ? `unfinished  ${folder}` : `${model}  ${network}`;
  const when = new Date(lastUsedMs).toISOString().slice(0, 16).replace("T", " ");
  return `${what}  ${gigabytes(bytes)}  last used ${when}`;
}

const sizeOf = (entries: readonly ListedEntry[]): number =>
  entries.reduce((sum, { bytes }) => sum + bytes, 0);

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
