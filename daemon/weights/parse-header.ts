// The header of a safetensors file, bytes to checked slices. Does no IO and never sees a tensor.
// Whatever the bytes are, the answer is slices that lie in the file, side by side, or a Failure:
// ONNX Runtime accepts wrong offsets silently, so nothing after this would notice.
// Format: https://huggingface.co/docs/safetensors; rules as in its reference implementation 0.8.
import { badWeightsHeader, type Failure, failedDownload } from "../base/failure.ts";
import { shorten } from "../base/shorten.ts";
import { strangeFile } from "../base/strange-file.ts";
import { type Dtype, dtypeBits, type StoredTensor } from "./stored-tensor.ts";

/** Bytes in front of the header: its length, little endian. */
export const headerStart = 8;

const maxHeaderBytes = 100_000_000;

/** Of a name or value in a message. */
const mostLetters = 80;

/** Bytes of the header, from the first eight of the file. `fileSize` in bytes. Throws `badWeightsHeader`, and for a file of another kind what `strangeFile` says. */
export function parseHeaderLength(file: string, firstBytes: Uint8Array, fileSize: number): number {
  if (fileSize === 0) throw badWeightsHeader(file, "must hold tensors", "an empty file");
  if (firstBytes.length < headerStart || fileSize < headerStart)
    throw badWeightsHeader(file, "must be at least 8 bytes long", `${fileSize}`);
  const view = new DataView(firstBytes.buffer, firstBytes.byteOffset, headerStart);
  const length = view.getBigUint64(0, true);
  if (length > maxHeaderBytes) refuseStrange(file, firstBytes);
  if (length === 0n || length > maxHeaderBytes)
    throw badWeightsHeader(file, "must have a header of 1 to 100000000 bytes", `${length}`);
  if (Number(length) + headerStart > fileSize)
    throw badWeightsHeader(
      file,
      `must hold its whole header of ${length} bytes`,
      `a file of ${fileSize} bytes`,
    );
  return Number(length);
}

/** Throws where the bytes, which are no length, are the beginning of another kind of file. */
function refuseStrange(file: string, firstBytes: Uint8Array): void {
  const head = String.fromCharCode(...firstBytes);
  const strange = strangeFile(file, head);
  if (strange !== undefined) throw strange;
  if (/^[\x20-\x7e\s]+$/.test(head))
    throw failedDownload(file, `a text that begins with ${JSON.stringify(head)}`);
}

export interface ParsedHeader {
  /** By name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts that the file's writer left there. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * `headerBytes` are those after the length, all of them; `file` is written into the slices as it is. Throws
 * `badWeightsHeader`.
 */
export function parseHeader(file: string, headerBytes: Uint8Array, fileSize: number): ParsedHeader {
  const dataStart = headerStart + headerBytes.length;
  const tensors: (readonly [string, StoredTensor])[] = [];
  let metadata: ParsedHeader["metadata"] = new Map();
  for (const [name, entry] of Object.entries(parseObject(file, headerBytes))) {
    if (name === "__metadata__") metadata = parseMetadata(file, entry);
    else tensors.push([name, parseEntry({ file, name, dataStart }, entry)]);
  }
  tensors.sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  checkCoverage({ file, dataStart, fileSize }, tensors);
  return { tensors: new Map(tensors), metadata };
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(file: string, bytes: Uint8Array): Fields {
  const rule = "must begin with a header that is a JSON object";
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw badWeightsHeader(file, rule, "bytes that are not JSON");
  }
  if (!isObject(json)) throw badWeightsHeader(file, rule, show(json));
  return json;
}

function parseMetadata(file: string, metadata: unknown): ParsedHeader["metadata"] {
  if (metadata === null) return new Map();
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string"))
    return new Map(Object.entries(metadata as Readonly<Record<string, string>>));
  throw badWeightsHeader(file, "must have texts only in __metadata__", show(metadata));
}

interface Place {
  readonly file: string;
  readonly name: string;
  readonly dataStart: number;
}

function parseEntry(place: Place, entry: unknown): StoredTensor {
  if (!isObject(entry)) throw broken(place, "have dtype, shape and data_offsets", show(entry));
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) throw broken(place, "have a dtype of the format", show(dtype));
  if (!isNaturals(shape)) throw broken(place, "have a shape of whole numbers", show(shape));
  if (!isNaturals(offsets) || offsets.length !== 2)
    throw broken(place, "have two whole numbers as data_offsets", show(offsets));
  const [begin = 0, end = 0] = offsets;
  const length = end - begin;
  const expected = bytesOf(dtype, shape);
  if (length !== expected)
    throw broken(
      place,
      `take ${expected} bytes as ${dtype} ${show(shape)}`,
      `data_offsets ${begin} to ${end}`,
    );
  return { file: place.file, dtype, shape, offset: place.dataStart + begin, length };
}

/** The format allows no gap, no overlap and no rest: each tensor begins where the one before ends. */
function checkCoverage(
  { file, dataStart, fileSize }: Omit<Place, "name"> & { readonly fileSize: number },
  tensors: readonly (readonly [string, StoredTensor])[],
): void {
  let end = dataStart;
  for (const [name, tensor] of tensors) {
    if (tensor.offset !== end)
      throw broken(
        { file, name, dataStart },
        `begin at byte ${end - dataStart}, where the one before it ends`,
        `${tensor.offset - dataStart}`,
      );
    end += tensor.length;
  }
  if (end !== fileSize)
    throw badWeightsHeader(file, `must be ${end} bytes long by its header`, `${fileSize}`);
}

function broken({ file, name }: Place, rule: string, got: string): Failure {
  return badWeightsHeader(file, `tensor ${shorten(name, mostLetters)} must ${rule}`, got);
}

/** NaN where the bits do not fill whole bytes, so that it equals no length. */
function bytesOf(dtype: Dtype, shape: readonly number[]): number {
  const count = shape.includes(0) ? 0 : shape.reduce((product, side) => product * side, 1);
  const bits = count * dtypeBits[dtype];
  return bits % 8 === 0 ? bits / 8 : Number.NaN;
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === "string" && Object.hasOwn(dtypeBits, value);
}

function isNaturals(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : shorten(JSON.stringify(value), mostLetters);
}
