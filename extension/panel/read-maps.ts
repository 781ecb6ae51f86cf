// The attention maps of one image, as its page gets them.
import { readFile } from "node:fs/promises";
import { decodeAttention, type KeptAttention } from "../../daemon/trace/attention-file.ts";
import type { KeptInside } from "./kept-inside.ts";
import type { ShownMaps } from "./messages.ts";

/** Null where there are none, or they are gone. Never rejects. */
export async function readMaps({ maps }: KeptInside): Promise<ShownMaps | null> {
  if (maps === null) return null;
  const bytes = await readFile(maps.path).catch(() => undefined);
  const kept = bytes === undefined ? undefined : decodeAttention(bytes);
  return kept === undefined ? null : mapsOf(kept, maps.image);
}

function mapsOf({ prompt, words, grid, maps }: KeptAttention, image: number): ShownMaps {
  const length = words.length * grid.width * grid.height;
  return {
    prompt,
    words: words.map(({ start, end }) => ({ start, end })),
    grid,
    values: maps.data.slice(image * length, (image + 1) * length),
  };
}
