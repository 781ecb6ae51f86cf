// Whether a plan's pictures can be written, asked before hours are spent on painting them.
// Makes their folders and nothing else; a disk that fills up later shows when a picture is written.
import { constants } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { outputFailed } from "../base/failure.ts";
import { explainWrite } from "../base/write-file.ts";
import type { Plan } from "../plan/plan.ts";

/** Throws `outputFailed` with the first place that cannot be written. */
export async function checkOutputs({ prompts }: Pick<Plan, "prompts">): Promise<void> {
  const paths = prompts.flatMap(({ outputs }) => outputs);
  for (const path of paths) {
    const isFolder = await explained(path, () => isFolderAt(path));
    if (isFolder) throw outputFailed(path, "a folder of that name");
  }
  const folders = new Map(paths.map((path) => [dirname(path), path]));
  for (const [folder, path] of folders) await explained(path, () => openFolder(folder));
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const isAbsent = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    if (isAbsent) return false;
    throw error;
  }
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await access(folder, constants.W_OK);
}

/** What `look` gives; what the system throws becomes `outputFailed` for the picture at `path`. */
async function explained<T>(path: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw outputFailed(path, explainWrite(error));
  }
}
