// What a JPEG file says about its picture before any pixel is decoded: size, kind, and which way is up.
// Format: ITU-T T.81, annex B; the orientation is Exif 2.32, tag 0x0112.
import { badInputPicture } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import { type Orientation, readOrientation } from "./exif-orientation.ts";

export interface JpegFrame {
  /** Pixels as they are stored, before they are turned. */
  readonly stored: Size;
  readonly orientation: Orientation;
}

/** A picture of that size takes about 2 GB while it is read. */
const mostPixels = 50_000_000;

/** `path` is for messages. Throws `badInputPicture` for damage, kinds that cannot be decoded, and absurd sizes. */
export function readJpegFrame(bytes: Uint8Array, path: string): JpegFrame {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: Orientation = 1;
  let stored: Size | undefined;
  let position = 2;
  for (;;) {
    const { marker, data, next } = readSegment(file, position, path);
    if (marker === markers.end) break;
    if (isFrame(marker)) stored = readSize(marker, data, path);
    if (marker === markers.app1) orientation = readOrientation(data) ?? orientation;
    position = marker === markers.scan ? endOfScan(file, next, path) : next;
  }
  if (stored === undefined) throw damaged(path, "no size");
  return { stored, orientation };
}

const markers = {
  app1: 0xe1,
  scan: 0xda,
  end: 0xd9,
  tables: 0xc4,
  arithmetic: 0xcc,
  extension: 0xc8,
};

/** SOF0 … SOF15; three of that row are no frames. */
function isFrame(marker: number): boolean {
  const { tables, arithmetic, extension } = markers;
  return marker >= 0xc0 && marker <= 0xcf && ![tables, arithmetic, extension].includes(marker);
}

interface Segment {
  readonly marker: number;
  readonly data: Buffer;
  readonly next: number;
}

function readSegment(file: Buffer, from: number, path: string): Segment {
  let position = from;
  if (file[position] !== 0xff && position < file.length) throw damaged(path, "bytes of no part");
  while (file[position] === 0xff) position += 1;
  const marker = file[position];
  if (marker === undefined) throw cutOff(path);
  if (marker === markers.end) return { marker, data: Buffer.alloc(0), next: position + 1 };
  if (position + 3 > file.length) throw cutOff(path);
  const length = file.readUInt16BE(position + 1);
  const next = position + 1 + length;
  if (length < 2) throw damaged(path, "a part without a length");
  if (next > file.length) throw cutOff(path);
  return { marker, data: file.subarray(position + 3, next), next };
}

/** Where the next marker stands: in a scan, 0xFF before 0 is a value and before D0 … D7 a restart. */
function endOfScan(file: Buffer, from: number, path: string): number {
  let position = from;
  for (;;) {
    position = file.indexOf(0xff, position);
    const after = file[position + 1];
    if (position < 0 || after === undefined) throw cutOff(path);
    const isInside = after === 0 || after === 0xff || (after >= 0xd0 && after <= 0xd7);
    if (!isInside) return position;
    position += after === 0xff ? 1 : 2;
  }
}

function readSize(marker: number, data: Buffer, path: string): Size {
  if (data.length < 6) throw damaged(path, "a size that is cut off");
  const [bits = 0, , , , , parts = 0] = data;
  const size = { width: data.readUInt16BE(3), height: data.readUInt16BE(1) };
  const pixels = size.width * size.height;
  if (pixels === 0 || pixels > mostPixels)
    throw badInputPicture(
      path,
      `must have 1 to ${mostPixels} pixels`,
      `${size.width} × ${size.height}`,
    );
  const isPlain = marker <= 0xc2 && bits === 8 && [1, 3, 4].includes(parts);
  if (!isPlain)
    throw badInputPicture(
      path,
      "must be a JPEG of 8 bits, baseline or progressive",
      `kind ${marker - 0xc0} with ${bits} bits and ${parts} colours`,
    );
  return size;
}

const damaged = (path: string, got: string): Error =>
  badInputPicture(path, "must be an undamaged JPEG file", got);

const cutOff = (path: string): Error =>
  badInputPicture(path, "must be a whole JPEG file", "one that is cut off");
