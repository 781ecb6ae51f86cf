// Opens a safetensors file and reads its header, nothing else: the tensors stay on disk.
// The path that comes back is the real one, since ONNX Runtime refuses symlinks out of a folder.
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { unreadableModel } from "../base/failure.ts";
import { explainRead } from "./explain-read.ts";
import { headerStart, type ParsedHeader, parseHeader, parseHeaderLength } from "./parse-header.ts";
import { refusePickle } from "./refuse-pickle.ts";

/** Tensors are by the checkpoint's key. */
export interface WeightsFile extends ParsedHeader {
  /** Absolute, with every symlink resolved. */
  readonly path: string;
}

/** Reads 9 bytes and the header. Throws `pickleRefused`, `badWeightsHeader`, `incompleteModel` (absent or a dangling symlink) or `unreadableModel`. */
export function readHeader(path: string): WeightsFile {
  refusePickle(path, new Uint8Array());
  try {
    const file = realpathSync(path);
    return { path: file, ...readParsed(file) };
  } catch (error) {
    throw explainRead(path, error);
  }
}

function readParsed(file: string): ParsedHeader {
  const stats = statSync(file);
  // Opening a pipe would wait for its writer.
  if (stats.isDirectory()) throw unreadableModel(file, "a folder, not a file");
  if (!stats.isFile()) throw unreadableModel(file, "a device or a pipe, not a file");
  const descriptor = openSync(file, "r");
  try {
    const first = readBytes(descriptor, 0, headerStart + 1);
    refusePickle(file, first);
    const length = parseHeaderLength(file, first, stats.size);
    return parseHeader(file, readBytes(descriptor, headerStart, length), stats.size);
  } finally {
    closeSync(descriptor);
  }
}

/** Fewer bytes than asked for where the file ends. */
function readBytes(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, bytes, done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
