// Which linear map shows which latent space: those that come with the program, and those that runs have fitted here.
import { z } from "zod";
import { readText } from "../base/read-text.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { latentMapSchema } from "../pipeline/latent-map.ts";
import type { LatentMaps } from "../pipeline/preview-maker.ts";

const schema = z.record(z.string(), latentMapSchema);

/** `builtIn` and `own` are files; `own` null: what is fitted is forgotten with the process. A file that is damaged holds none. */
export function latentMaps(builtIn: string, own: string | null): LatentMaps {
  const learnt = own === null ? {} : read(own);
  const known = new Map(Object.entries({ ...learnt, ...read(builtIn) }));
  return {
    get: (space) => known.get(space),
    learn: async (space, map) => {
      known.set(space, map);
      if (own === null) return;
      const text = JSON.stringify({ ...read(own), [space]: map });
      await writeFileSafely(own, `${text}\n`).catch(() => {});
    },
  };
}

function read(path: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readText(path) ?? "{}"));
  } catch {
    return {};
  }
}
