// Reads a JSON file of a model through a zod schema. Files come in as an argument.
import type { z } from "zod";
import { badConfig } from "./failure.ts";

/** The text of a file, or undefined where there is none; paths are absolute. */
export type ReadText = (path: string) => string | undefined;

/** The parsed file, or undefined where there is none. Throws `badConfig` where it does not fit. */
export function readJson<T>(schema: z.ZodType<T>, path: string, readText: ReadText): T | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw badConfig(path, "must be JSON", describe(text));
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const key = issue?.path.join(".") || "the file";
  throw badConfig(path, `"${key}" must be understood`, issue?.message ?? "something else");
}

function describe(text: string): string {
  const [line = ""] = text.trim().split("\n");
  if (line === "") return "an empty file";
  return `a text that begins with ${JSON.stringify(line.slice(0, 40))}`;
}
