// What a plan needs to know of a recipe's picture: its size, and whose bytes they are. Decodes no pixels.
import { createHash } from "node:crypto";
import { readPictureFile } from "../base/read-picture-file.ts";
import { measurePicture } from "../image/read-picture.ts";
import type { PictureFacts } from "../plan/plan-init.ts";

/** `path` is absolute. Throws `badInputPicture`. */
export function examinePicture(path: string): PictureFacts {
  const bytes = readPictureFile(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { size: measurePicture(bytes, path), sha256 };
}
