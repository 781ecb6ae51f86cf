// Files that are not what their name says, known by their first bytes: what failed and half-made downloads leave behind.
import { type Failure, failedDownload, lfsPointer, otherFormat } from "./failure.ts";

/** The beginning of a file, 9 bytes at least where it is as long; `file` is for messages. undefined: nothing known. */
export function strangeFile(file: string, head: string): Failure | undefined {
  // The whole line is "version https://git-lfs.github.com/spec/v1".
  if (/^version (h|$)/.test(head)) return lfsPointer(file);
  if (/^\s*<(!doctype|html|head|\?xml)/i.test(head)) return failedDownload(file, "a web page");
  if (head.startsWith("GGUF")) return otherFormat(file, "GGUF, a format of quantized weights");
  return undefined;
}
