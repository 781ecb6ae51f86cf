// Folders that only this user may look into, also where others could have made them first.
import { chmod, lstat, mkdir } from "node:fs/promises";
import { outputFailed } from "../base/failure.ts";
import { explainWrite } from "../base/write-file.ts";

/** Makes the folder where it is missing and closes it to others. Throws `outputFailed`. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const { uid, mode } = await lstat(path);
    if (process.getuid !== undefined && uid !== process.getuid())
      throw new Error("a folder of another user");
    if ((mode & 0o077) !== 0) await chmod(path, 0o700);
  } catch (error) {
    throw outputFailed(path, explainWrite(error));
  }
}
