// Writes a model folder of random weights for any architecture: the graphs themselves say which tensors they
// want, so the file is what the networks read. For benches and tests; no picture comes out of it.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { sizeOf } from "../daemon/base/tensor.ts";
import type { ModelConfig } from "../daemon/config/model-config.ts";
import { readModelConfig } from "../daemon/config/model-config.ts";
import { denoiser } from "../daemon/models/denoiser.ts";
import { textEncoders } from "../daemon/models/text-encoders.ts";
import { vaeDecoder, vaeEncoder } from "../daemon/models/vae.ts";
import type { NamedTensor } from "../daemon/weights/stored-tensor.ts";
import type { WeightScope } from "../daemon/weights/weight-scope.ts";

/** The config files of a model folder: path below the folder → JSON, or text as it is. */
export type ConfigFiles = Readonly<Record<string, unknown>>;

/** Writes configs and safetensors of `dtype` under `folder`; the same weights every time. */
export function makeModel(folder: string, files: ConfigFiles, dtype: "F16" | "F32"): void {
  for (const [file, json] of Object.entries(files)) {
    mkdirSync(`${folder}/${file.split("/").slice(0, -1).join("/")}`, { recursive: true });
    writeFileSync(`${folder}/${file}`, textOf(json));
  }
  const config = readModelConfig(folder, (path) => {
    const json = files[path.slice(folder.length + 1)];
    return json === undefined ? undefined : textOf(json);
  });
  for (const [file, shapes] of Object.entries(wantedTensors(config)))
    writeRandomWeights(`${folder}/${file}`, shapes, dtype);
}

const textOf = (content: unknown): string =>
  typeof content === "string" ? content : JSON.stringify(content);

type Shapes = ReadonlyMap<string, readonly number[]>;

const target = { precision: "float32", attention: "fused" } as const;

function wantedTensors(config: ModelConfig): Readonly<Record<string, Shapes>> {
  const network = new Map<string, readonly number[]>();
  const vae = new Map<string, readonly number[]>();
  const texts = textEncoders(config).map(({ component, build }) => {
    const text = new Map<string, readonly number[]>();
    build(recordingScope(text, ""), target);
    return [`${component}/model.safetensors`, text] as const;
  });
  const { component, build } = denoiser(config);
  build(recordingScope(network, ""), target);
  vaeEncoder(config.vae, recordingScope(vae, ""), target);
  vaeDecoder(config.vae, recordingScope(vae, ""), target);
  return {
    ...Object.fromEntries(texts),
    [`${component}/diffusion_pytorch_model.safetensors`]: network,
    "vae/diffusion_pytorch_model.safetensors": vae,
  };
}

/** Says yes to every tensor and notes it down. */
function recordingScope(wanted: Map<string, readonly number[]>, path: string): WeightScope {
  const join = (name: string): string => (path === "" ? name : `${path}.${name}`);
  return {
    path,
    at: (child) => recordingScope(wanted, join(child)),
    has: () => false,
    loras: () => [],
    tensor: (name, shape): NamedTensor => {
      wanted.set(join(name), shape);
      return { name: join(name), dtype: "F16", shape, file: "/", offset: 0, length: 0 };
    },
  };
}

function writeRandomWeights(file: string, shapes: Shapes, dtype: "F16" | "F32"): void {
  const bytes = dtype === "F16" ? 2 : 4;
  let offset = 0;
  const entries = [...shapes].map(([name, shape]) => {
    const begin = offset;
    offset += sizeOf(shape) * bytes;
    return [name, { dtype, shape, data_offsets: [begin, offset] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const handle = openSync(file, "w");
  writeSync(handle, length);
  writeSync(handle, header);
  const block = randomBlocks(dtype);
  for (const [name, shape] of shapes) {
    const values = block(rangeOf(name, shape));
    // Tensors begin at different places of a block, so that they are not alike.
    const start = hashOf(name) % (blockValues / 2);
    for (let left = sizeOf(shape); left > 0; left -= blockValues / 2)
      writeSync(handle, values.subarray(start, start + Math.min(left, blockValues / 2)));
  }
  closeSync(handle);
}

/** What a tensor's values are like: sizes from 2^exponent up to twice that, of one sign or of either. */
interface Range {
  readonly exponent: number;
  readonly signs: "positive" | "either";
}

/** As a fresh layer has them: weights of about 1/√inputs, scales of 0.5 to 1, small biases. */
function rangeOf(name: string, shape: readonly number[]): Range {
  if (shape.length === 1 && name.endsWith("weight")) return { exponent: -1, signs: "positive" };
  const inputs = sizeOf(shape) / (shape[0] ?? 1);
  const exponent = shape.length === 1 ? -6 : Math.round(-Math.log2(Math.sqrt(inputs)));
  return { exponent, signs: "either" };
}

/** Large enough that nothing repeats within most layers; drawing every value anew would take minutes. */
const blockValues = 2 ** 23;

/** Random values of a range, the same ones every time. */
function randomBlocks(dtype: "F16" | "F32"): (range: Range) => Uint16Array | Uint32Array {
  const known = new Map<string, Uint16Array | Uint32Array>();
  return (range) => {
    const key = JSON.stringify(range);
    const halves = known.get(key) ?? randomHalves(range);
    const block =
      dtype === "F32" && halves instanceof Uint16Array
        ? Uint32Array.from(halves, toFloat32Bits)
        : halves;
    known.set(key, block);
    return block;
  };
}

/** Bits of float16: sign, exponent with a bias of 15, and a random mantissa. */
function randomHalves({ exponent, signs }: Range): Uint16Array {
  const fixed = Math.max(1, exponent + 15) << 10;
  const signBit = signs === "either" ? 0x8000 : 0;
  let state = 7;
  return new Uint16Array(blockValues).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) & signBit) | fixed | ((state >>> 8) & 0x3ff);
  });
}

const hashOf = (name: string): number =>
  [...name].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7) >>> 0;

/** The same number of float16 as float32, whose exponent is biased by 127. */
function toFloat32Bits(half: number): number {
  const exponent = ((half >>> 10) & 0x1f) - 15 + 127;
  return (((half & 0x8000) << 16) | (exponent << 23) | ((half & 0x3ff) << 13)) >>> 0;
}
