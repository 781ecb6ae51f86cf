// The chunks of a PNG file, both ways. Knows lengths and checksums, not what is inside.
// Format: https://www.w3.org/TR/png-3/, section 5.
import { crc32 } from "node:zlib";
import { badInputPicture } from "../base/failure.ts";

/** The first bytes of every PNG file. */
export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `type` is four ASCII letters. */
export interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** A chunk as in the file: length, type, data, checksum. */
export function writeChunk({ type, data }: Chunk): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}

/** The chunks up to the end mark, as views. `path` is for messages. Throws `badInputPicture` for any damage. */
export function readChunks(bytes: Uint8Array, path: string): readonly Chunk[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, pngSignature.length).equals(pngSignature))
    throw badInputPicture(path, "must be a PNG file", "other bytes");
  const chunks: Chunk[] = [];
  let position = pngSignature.length;
  while (chunks.at(-1)?.type !== "IEND") {
    const chunk = readChunk(file, position, path);
    chunks.push(chunk);
    position += chunk.data.length + 12;
  }
  const [first] = chunks;
  if (first?.type !== "IHDR" || first.data.length !== 13)
    throw badInputPicture(path, "must begin with its size", `the chunk ${first?.type}`);
  return chunks;
}

function readChunk(file: Buffer, position: number, path: string): Chunk {
  const left = file.length - position;
  if (left < 12) throw badInputPicture(path, "must be a whole PNG file", "one that is cut off");
  const length = file.readUInt32BE(position);
  const type = file.toString("latin1", position + 4, position + 8);
  if (!/^[A-Za-z]{4}$/.test(type))
    throw badInputPicture(path, "must be an undamaged PNG file", "a chunk without a name");
  if (length > left - 12)
    throw badInputPicture(path, "must be a whole PNG file", `a ${type} chunk that is cut off`);
  const end = position + 8 + length;
  if (file.readUInt32BE(end) !== crc32(file.subarray(position + 4, end)))
    throw badInputPicture(
      path,
      "must be an undamaged PNG file",
      `a wrong checksum in its ${type} chunk`,
    );
  return { type, data: file.subarray(position + 8, end) };
}
