// What a plan needs to know of a recipe's picture: its size, and whose bytes they are. Decodes no pixels. Known facts are
// found again by the file's place, size and times, since a picture of many megabytes is planned with at every keystroke.
import { webcrypto } from "node:crypto";
import { stat } from "node:fs/promises";
import { readPictureFile } from "../base/read-picture-file.ts";
import { measurePicture } from "../image/read-picture.ts";
import type { PictureFacts } from "../plan/plan-init.ts";

/** `path` is absolute. Rejects with `badInputPicture`. */
export type ExaminePictureFile = (path: string) => Promise<PictureFacts>;

export function pictureExaminer(): ExaminePictureFile {
  const known = new Map<string, { readonly mark: string; readonly facts: Promise<PictureFacts> }>();
  return async (path) => {
    const mark = await markOf(path);
    const before = known.get(path);
    if (mark !== undefined && before?.mark === mark) return before.facts;
    const facts = examine(path);
    if (mark === undefined) return facts;
    known.set(path, { mark, facts });
    // What cannot be used now may be used a moment later, by other rights for example.
    return facts.catch((error: unknown) => {
      known.delete(path);
      throw error;
    });
  };
}

/** Another one once the file has been written; undefined where there is none. */
async function markOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [ino, size, mtimeMs, ctimeMs].join(" ");
  } catch {
    return undefined;
  }
}

async function examine(path: string): Promise<PictureFacts> {
  const bytes = await readPictureFile(path);
  const size = measurePicture(bytes, path);
  // Besides this thread, which has others to answer.
  const digest = await webcrypto.subtle.digest("SHA-256", bytes);
  return { size, sha256: Buffer.from(digest).toString("hex") };
}
