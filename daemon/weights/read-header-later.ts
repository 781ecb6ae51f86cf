// readHeader for whoever reads many files: the disk is waited for without holding up the process.
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { unreadableModel } from "../base/failure.ts";
import { explainRead } from "./explain-read.ts";
import { headerStart, parseHeader, parseHeaderLength } from "./parse-header.ts";
import type { WeightsFile } from "./read-header.ts";
import { refusePickle } from "./refuse-pickle.ts";

/** A file's header with the size of all of it, in bytes. */
export interface SizedWeightsFile extends WeightsFile {
  readonly bytes: number;
}

/** Reads 9 bytes and the header. Rejects with what `readHeader` throws. */
export async function readHeaderLater(path: string): Promise<SizedWeightsFile> {
  try {
    const file = await realpath(path);
    // Without waiting for the writer of a pipe.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readFrom(file, handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw explainRead(path, error);
  }
}

async function readFrom(file: string, handle: FileHandle): Promise<SizedWeightsFile> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw unreadableModel(file, "a folder or a device, not a file");
  const first = await readBytes(handle, 0, headerStart + 1);
  refusePickle(file, first);
  const length = parseHeaderLength(file, first, stats.size);
  const header = await readBytes(handle, headerStart, length);
  return { path: file, ...parseHeader(file, header, stats.size), bytes: stats.size };
}

/** Fewer bytes than asked for where the file ends. */
async function readBytes(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
