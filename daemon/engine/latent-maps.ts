// Which linear map shows which latent space: those that come with the program, and those that runs have fitted here.
import { readLatentMaps } from "../base/latent-maps-file.ts";
import { writeFileSafely } from "../base/write-file.ts";
import type { LatentMaps } from "../pipeline/preview-maker.ts";

/** `builtIn` and `own` are files; `own` null: what is fitted is forgotten with the process. */
export function latentMaps(builtIn: string, own: string | null): LatentMaps {
  const learnt = own === null ? {} : readLatentMaps(own);
  const known = new Map(Object.entries({ ...learnt, ...readLatentMaps(builtIn) }));
  return {
    get: (space) => known.get(space),
    learn: async (space, map) => {
      known.set(space, map);
      if (own === null) return;
      const text = JSON.stringify({ ...readLatentMaps(own), [space]: map });
      await writeFileSafely(own, `${text}\n`).catch(() => {});
    },
  };
}
