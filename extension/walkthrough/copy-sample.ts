// Puts a sample beside the user's own files, where it can be changed and its pictures may lie. Never over a file that
// is another one.
import { constants, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";

/** Absolute folders. */
export interface SamplePlaces {
  /** The samples in the extension. */
  readonly from: string;
  /** Made where it is missing. */
  readonly to: string;
}

/** The absolute path of the copy: under the sample's own name, or with a number behind it where that is taken. */
export async function copySample(file: string, { from, to }: SamplePlaces): Promise<string> {
  const text = await readFile(join(from, file), "utf8");
  await mkdir(to, { recursive: true });
  for (let number = 1; ; number += 1) {
    const path = join(to, numbered(file, number));
    // Fails where there is a file, so that two copies at once are no harm.
    const failed = await writeFile(path, text, { flag: "wx" }).catch(
      (error: NodeJS.ErrnoException) => error,
    );
    if (failed === undefined) return path;
    if (failed.code !== "EEXIST") throw failed;
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) return path;
  }
}

/** For a sample that another one names: what has its name already, changed by the user or not, is good enough. */
export async function provideSample(file: string, { from, to }: SamplePlaces): Promise<void> {
  await mkdir(to, { recursive: true });
  const copied = copyFile(join(from, file), join(to, file), constants.COPYFILE_EXCL);
  await copied.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

/** "dawn.frecas", then "dawn-2.frecas". */
function numbered(file: string, number: number): string {
  const ending = extname(file);
  return number === 1 ? file : `${basename(file, ending)}-${number}${ending}`;
}
