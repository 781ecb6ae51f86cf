// A small network whose weights lie in a file, and processes that open it with a cache of prepared networks: each cache made
// stands for a process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { CachePlace } from "../../daemon/cache/cache-place.ts";
import { GraphBuilder } from "../../daemon/graph/graph-builder.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { add, gemm } from "../../daemon/graph/operators.ts";
import { weight } from "../../daemon/models/layer.ts";
import { networkCache } from "../../daemon/runtime/network-cache.ts";
import type { NetworkOptions } from "../../daemon/runtime/open-network.ts";
import { readHeader } from "../../daemon/weights/read-header.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { writeTensors } from "./write-tensors.ts";

/** A folder for one test file, gone when its tests are. */
export const workplace = mkdtempSync(join(tmpdir(), "frecas-networks-"));
afterAll(() => rmSync(workplace, { recursive: true }));

export const side = 32;

/** A checkpoint whose matrix is `value` everywhere, and whose bias is 0. */
export function writeModel(folder: string, value: number): string {
  const file = join(folder, "model.safetensors");
  const matrix = { shape: [side, side], data: new Float32Array(side * side).fill(value) };
  const bias = { shape: [side], data: new Float32Array(side) };
  writeTensors(
    file,
    new Map([
      ["before", row(1)],
      ["weight", matrix],
      ["bias", bias],
    ]),
    "F32",
  );
  return file;
}

export const row = (value: number): Tensor => ({
  shape: [1, side],
  data: new Float32Array(side).fill(value),
});

/** x · wᵀ + b + `shift`. */
export function linearOf(file: string, shift = 0): GraphData {
  const g = new GraphBuilder({ precision: "float32", attention: "fused" });
  const layer = { g, weights: scopeOf({ source: file, tensors: readHeader(file).tensors }) };
  const x = g.floatInput("x", ["n", side]);
  const product = gemm(g, x, weight(layer, "weight", [side, side]), weight(layer, "bias", [side]));
  g.floatOutput("y", add(g, product, g.floats([shift])), ["n", side]);
  return g.finish("linear");
}

export interface Place extends CachePlace {
  /** The model's file; its matrix is 1 everywhere. */
  readonly file: string;
}

export function newPlace(changes: Partial<CachePlace> = {}): Place {
  const folder = mkdtempSync(join(workplace, "place-"));
  const file = writeModel(join(folder, "model"), 1);
  return { folder: join(folder, "cache"), limitBytes: 1e9, leastWeightBytes: 0, file, ...changes };
}

export const options: NetworkOptions = {
  provider: "cpu",
  threads: 1,
  workspace: "release",
  preparation: "full",
};

/** Of memory. */
export const plenty = { now: () => new Date(), availableBytes: () => 1e9 };

export interface Opened {
  readonly answer: number | undefined;
  readonly told: readonly string[];
}

/** Opens the network in a process of its own and calls it once: the answer is `side` times the matrix's value. */
export async function open(
  place: Place,
  graph = linearOf(place.file),
  changes: Partial<NetworkOptions> = {},
  surroundings = plenty,
): Promise<Opened> {
  const cache = networkCache(place, surroundings);
  const told: string[] = [];
  const network = await cache.open(
    graph,
    { ...options, ...changes },
    {
      model: place.file,
      network: "linear",
      onEvent: ({ state, note }) => void told.push(note === "" ? state : `${state}: ${note}`),
    },
  );
  const { y } = await network.run({ x: row(1) });
  await cache.settle();
  await network.dispose();
  return { answer: y?.data[0], told };
}

export const first = { answer: side, told: [] };
export const kept = { answer: side, told: ["saving", "saved"] };
export const used = { answer: side, told: ["used"] };
