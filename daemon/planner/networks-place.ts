// Where the command line keeps prepared networks, and how much room they get: FRECAS_CACHE_LIMIT in GB, 0 for none.
import { join } from "node:path";
import { badVariable } from "../base/failure.ts";
import type { CachePlace } from "../cache/cache-place.ts";

const gigabyte = 1e9;
const usualLimit = 20 * gigabyte;

/** Smaller networks open in a tenth of a second (docs/performance.md). */
const leastWeightBytes = 1e8;

/** `own` is this program's folder for what can be lost. Throws `badVariable`. */
export function networksPlace(own: string, env: NodeJS.ProcessEnv): CachePlace | null {
  const given = env["FRECAS_CACHE_LIMIT"]?.trim() ?? "";
  const limitBytes = given === "" ? usualLimit : Number(given) * gigabyte;
  if (!(limitBytes >= 0 && limitBytes < Number.POSITIVE_INFINITY))
    throw badVariable(
      "FRECAS_CACHE_LIMIT",
      "must be a number of gigabytes, 0 to keep none",
      given,
      "write for example 20",
    );
  return limitBytes === 0 ? null : { folder: join(own, "networks"), limitBytes, leastWeightBytes };
}
