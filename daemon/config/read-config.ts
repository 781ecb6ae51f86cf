// Reads one config.json of a model folder, which must be there.
import type { z } from "zod";
import { incompleteModel } from "../base/failure.ts";
import { type ReadText, readJson } from "../base/read-json.ts";

/** Parses `folder/file`. Throws `incompleteModel` where it is absent, `badConfig` where it does not fit. */
export function readConfig<T>(
  schema: z.ZodType<T>,
  folder: string,
  file: string,
  readText: ReadText,
): T {
  const json = readJson(schema, `${folder}/${file}`, readText);
  if (json === undefined) throw incompleteModel(folder, file);
  return json;
}
