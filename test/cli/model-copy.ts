// A copy of the golden model that a test may damage: its JSON files, its checkpoints, byte by byte.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goldenModel } from "./frecas.ts";

/** Paths of the checkpoints inside a model. */
export const checkpoints = {
  text: "text_encoder/model.safetensors",
  unet: "unet/diffusion_pytorch_model.safetensors",
  vae: "vae/diffusion_pytorch_model.safetensors",
} as const;

/** Copies the golden model to `folder`. */
export function copyModel(folder: string): void {
  cpSync(goldenModel, folder, { recursive: true });
}

/** Puts `changes` over a JSON file of the model. */
export function changeJson(folder: string, file: string, changes: object): void {
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...changes }));
}

/** A tensor's entry in a header. */
export interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export interface Checkpoint {
  readonly header: Record<string, Entry>;
  readonly data: Buffer;
}

/** Writes a checkpoint again after `change` has had its way with header and data. */
export function changeCheckpoint(path: string, change: (checkpoint: Checkpoint) => void): void {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, start).toString());
  const data = bytes.subarray(start);
  change({ header, data });
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, data]));
}

/** The entry of a tensor; throws where the golden model has none. */
export function entryOf({ header }: Checkpoint, name: string): Entry {
  const entry = header[name];
  if (entry === undefined) throw new Error(`golden model: must hold ${name}`);
  return entry;
}
