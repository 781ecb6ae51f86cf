// The user's settings file: YAML with the folders in which models are looked for. Absent is empty.
import { dirname, isAbsolute } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { badSettings } from "../base/failure.ts";
import { readText } from "../base/read-text.ts";
import { expandPath, type Surroundings } from "./surroundings.ts";

const schema = z.strictObject({ models: z.array(z.string().trim().min(1)).nullish() });

/** The folders under `models`, absolute. Throws `badSettings`. */
export function readSettings(file: string, surroundings: Surroundings): readonly string[] {
  const text = readText(file);
  if (text === undefined) return [];
  return (parseSettings(file, text).models ?? []).map((written) => {
    const folder = expandPath(written, surroundings, dirname(file));
    if (isAbsolute(written) || /^[~$%]/.test(written)) return folder;
    throw badSettings(
      file,
      "models must list absolute paths of folders, or paths that begin with ~",
      written,
    );
  });
}

function parseSettings(file: string, text: string): z.output<typeof schema> {
  const document = parseDocument(text, { logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined)
    throw badSettings(file, "must be YAML", error.message.split("\n")[0] ?? "something else");
  const result = schema.safeParse(toPlain(file, document) ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const key = issue?.path.join(".") || "the file";
  const rule = `must be as in "models: [~/ComfyUI, /data/checkpoints]"`;
  throw badSettings(file, rule, `${key}: ${issue?.message ?? "something else"}`);
}

/** Aliases that explode are errors of this step. */
function toPlain(file: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw badSettings(file, "must be YAML", error instanceof Error ? error.message : "an error");
  }
}
