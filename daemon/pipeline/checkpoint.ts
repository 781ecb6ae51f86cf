// Where a run stands, as bytes that outlive its process: latent, maps and random state in a safetensors file.
// A run that goes on from them gives the bytes of one that was never interrupted.
import { createHash } from "node:crypto";
import { Failure } from "../base/failure.ts";
import { sizeOf, type Tensor } from "../base/tensor.ts";
import type { Plan } from "../plan/plan.ts";
import type { SamplerPosition } from "../sampler/sample.ts";
import type { RandomState } from "../sampler/torch-random.ts";
import { headerStart, parseHeader, parseHeaderLength } from "../weights/parse-header.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import { encodeSafetensors, type WrittenTensor } from "../weights/write-safetensors.ts";

/** `prompt` is the one being painted, or the one that comes next where `inside` is null. Earlier ones are on disk. */
export interface Checkpoint {
  readonly prompt: number;
  readonly inside: { readonly position: SamplerPosition; readonly random: RandomState } | null;
}

export function encodeCheckpoint(checkpoint: Checkpoint, plan: Plan): Uint8Array {
  const { prompt, inside } = checkpoint;
  const tensors = new Map<string, WrittenTensor>();
  if (inside !== null) {
    const { position, random } = inside;
    const { stage, step, latent, maps, phase } = position;
    tensors.set("random.spare", doubles([random.spare ?? Number.NaN]));
    tensors.set("random.words", words(random.words));
    tensors.set("random.next", words([random.next]));
    tensors.set("position", words([stage, step]));
    tensors.set("latent", floats(latent));
    if (maps !== null) {
      tensors.set("maps.grid", words([maps.grid.width, maps.grid.height]));
      tensors.set("maps", floats(maps.map));
    }
    if (phase !== undefined) {
      tensors.set("phase.moments", doubles([phase.moments.mean, phase.moments.deviation]));
      tensors.set("phase.enlarged", floats(phase.enlarged));
      tensors.set("phase.noise", floats(phase.noise));
      tensors.set("phase.jitter.words", words(phase.jitter.words));
      tensors.set("phase.jitter.next", words([phase.jitter.next]));
    }
  }
  tensors.set("prompt", words([prompt]));
  tensors.set("plan", { dtype: "U8", shape: [32], values: hashOf([JSON.stringify(plan)]) });
  const content = hashOf([...tensors].flatMap(([name, { values }]) => [name, bytesOf(values)]));
  tensors.set("content", { dtype: "U8", shape: [32], values: content });
  return encodeSafetensors(tensors);
}

/** Undefined for bytes that are damaged or belong to another plan: the run then begins anew. */
export function decodeCheckpoint(bytes: Uint8Array, plan: Plan): Checkpoint | undefined {
  const tensors = readTensors(bytes);
  const content = tensors?.get("content")?.bytes;
  if (tensors === undefined || content === undefined) return undefined;
  const rest = [...tensors].filter(([name]) => name !== "content");
  if (!equal(content, hashOf(rest.flatMap(([name, { bytes }]) => [name, bytes])))) return undefined;
  if (!equal(tensors.get("plan")?.bytes, hashOf([JSON.stringify(plan)]))) return undefined;
  // Bytes that this program wrote for this plan hold what it wrote.
  const [prompt = 0] = wordsOf(tensors.get("prompt"));
  const latent = tensors.get("latent");
  if (latent === undefined) return { prompt, inside: null };
  const [stage = 0, step = 0] = wordsOf(tensors.get("position"));
  const [width = 0, height = 0] = wordsOf(tensors.get("maps.grid"));
  const map = tensors.get("maps");
  const maps = map === undefined ? null : { grid: { width, height }, map: floatsOf(map) };
  const [spare = Number.NaN] = new Float64Array(copied(tensors.get("random.spare")));
  const random: RandomState = {
    words: wordsOf(tensors.get("random.words")),
    next: wordsOf(tensors.get("random.next"))[0] ?? 0,
    spare: Number.isNaN(spare) ? null : spare,
  };
  const position = { stage, step, latent: floatsOf(latent), maps, ...phaseOf(tensors) };
  return { prompt, inside: { position, random } };
}

/** Of DemoFusion's later phases; nothing elsewhere. */
function phaseOf(tensors: ReadonlyMap<string, ReadTensor>): Pick<SamplerPosition, "phase"> {
  const [enlarged, noise] = [tensors.get("phase.enlarged"), tensors.get("phase.noise")];
  if (enlarged === undefined || noise === undefined) return {};
  const [mean = 0, deviation = 0] = new Float64Array(copied(tensors.get("phase.moments")));
  const [next = 0] = wordsOf(tensors.get("phase.jitter.next"));
  const jitter = { words: wordsOf(tensors.get("phase.jitter.words")), next };
  const moments = { mean, deviation };
  return { phase: { moments, enlarged: floatsOf(enlarged), noise: floatsOf(noise), jitter } };
}

interface ReadTensor extends Pick<StoredTensor, "shape"> {
  readonly bytes: Uint8Array;
}

/** In the order that they were written in. */
function readTensors(bytes: Uint8Array): ReadonlyMap<string, ReadTensor> | undefined {
  try {
    const length = parseHeaderLength("checkpoint", bytes, bytes.length);
    const header = bytes.subarray(headerStart, headerStart + length);
    const { tensors } = parseHeader("checkpoint", header, bytes.length);
    const read = ({ shape, offset, length }: StoredTensor): ReadTensor => ({
      shape,
      bytes: bytes.subarray(offset, offset + length),
    });
    return new Map([...tensors].map(([name, slice]) => [name, read(slice)]));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

const doubles = (values: readonly number[]): WrittenTensor => ({
  dtype: "F64",
  shape: [values.length],
  values: Float64Array.from(values),
});

const words = (values: readonly number[] | Uint32Array): WrittenTensor => ({
  dtype: "U32",
  shape: [values.length],
  values: Uint32Array.from(values),
});

const floats = ({ shape, data }: Tensor): WrittenTensor => ({ dtype: "F32", shape, values: data });

const bytesOf = (values: WrittenTensor["values"]): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** In a buffer of their own, aligned for any element. */
const copied = (tensor: ReadTensor | undefined): ArrayBuffer =>
  Uint8Array.from(tensor?.bytes ?? []).buffer;

const wordsOf = (tensor: ReadTensor | undefined): Uint32Array => new Uint32Array(copied(tensor));

function floatsOf(tensor: ReadTensor): Tensor {
  const data = new Float32Array(copied(tensor));
  if (data.length !== sizeOf(tensor.shape)) throw new Error("checkpoint: a tensor of another type");
  return { shape: tensor.shape, data };
}

function hashOf(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function equal(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
