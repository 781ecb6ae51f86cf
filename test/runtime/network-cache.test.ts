import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sizeOf, type Tensor } from "../../daemon/base/tensor.ts";
import type { CachePlace } from "../../daemon/cache/cache-place.ts";
import { hashOf } from "../../daemon/cache/entry.ts";
import { GraphBuilder } from "../../daemon/graph/graph-builder.ts";
import { gemm } from "../../daemon/graph/operators.ts";
import { type Placement, rewriteModel } from "../../daemon/graph/rewrite-model.ts";
import { weight } from "../../daemon/models/layer.ts";
import { networkCache } from "../../daemon/runtime/network-cache.ts";
import type { NetworkOptions } from "../../daemon/runtime/open-network.ts";
import { readHeader } from "../../daemon/weights/read-header.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import {
  first,
  kept,
  linearOf,
  newPlace,
  open,
  options,
  type Place,
  plenty,
  row,
  side,
  used,
  workplace,
  writeModel,
} from "../support/kept-network.ts";
import { writeTensors } from "../support/write-tensors.ts";

/** A place where the network is kept. */
async function filledPlace(): Promise<Place> {
  const place = newPlace();
  expect(await open(place)).toEqual(first);
  expect(await open(place)).toEqual(kept);
  return place;
}

const entriesOf = ({ folder }: CachePlace): readonly string[] =>
  readdirSync(folder).filter((name) => !name.endsWith(".json"));

const entryOf = (place: CachePlace): string => join(place.folder, entriesOf(place)[0] ?? "none");

it("a network is kept when a second process opens it, and used by the third", async () => {
  const place = await filledPlace();
  expect(await open(place)).toEqual(used);
  expect(entriesOf(place)).toHaveLength(1);
});

it("what is kept lies at every 64th byte, for kernels that read as much at once", async () => {
  const place = newPlace();
  const file = join(place.folder, "../odd.safetensors");
  const widths = [side, 19, 23, side];
  const shapes = [1, 2, 3].map((to) => [widths[to] ?? 0, widths[to - 1] ?? 0]);
  const tensors = shapes.map((shape, index): [string, Tensor] => [
    String(index),
    { shape, data: new Float32Array(sizeOf(shape)).fill(1) },
  ]);
  writeTensors(file, new Map(tensors), "F32");
  const g = new GraphBuilder({ precision: "float32", attention: "fused" });
  const layer = { g, weights: scopeOf({ source: file, tensors: readHeader(file).tensors }) };
  const y = shapes.reduce(
    (x, shape, index) => gemm(g, x, weight(layer, String(index), shape)),
    g.floatInput("x", ["n", side]),
  );
  g.floatOutput("y", y, ["n", side]);
  const graph = g.finish("odd");
  const answer = side * 19 * 23;
  expect(await open(place, graph)).toEqual({ answer, told: [] });
  expect(await open(place, graph)).toEqual({ answer, told: ["saving", "saved"] });
  expect(await open(place, graph)).toEqual({ answer, told: ["used"] });
  const places: Placement[] = [];
  rewriteModel(readFileSync(join(entryOf(place), "network.onnx")), (each) => {
    places.push(each);
    return each;
  });
  expect(places).toHaveLength(6);
  expect(places.map(({ offset }) => offset % 64)).toEqual(Array(6).fill(0));
});

it("one process that opens a network twice is no reason to keep it", async () => {
  const place = newPlace();
  const cache = networkCache(place, plenty);
  const told: string[] = [];
  const user = {
    model: "",
    network: "",
    onEvent: ({ state }: { state: string }) => void told.push(state),
  };
  for (let time = 0; time < 3; time += 1)
    await (await cache.open(linearOf(place.file), options, user)).dispose();
  expect(told).toEqual([]);
});

it("when it was used is the time of its facts", async () => {
  const place = await filledPlace();
  const facts = join(entryOf(place), "entry.json");
  utimesSync(facts, 1000, 1000);
  await open(place);
  expect(Date.now() - statSync(facts).mtimeMs).toBeLessThan(60_000);
});

it.each<[string, Partial<NetworkOptions>]>([
  ["that is run as it is", { preparation: "none" }],
  ["that is profiled", { profile: join(workplace, "profile") }],
])("a network %s is never kept", async (_, changes) => {
  const place = newPlace();
  for (let time = 0; time < 3; time += 1)
    expect(await open(place, linearOf(place.file), changes)).toEqual(first);
});

it("a network of small weights is never kept", async () => {
  const place = newPlace({ leastWeightBytes: 4 * (side * side + side + 1) + 1 });
  for (let time = 0; time < 3; time += 1) expect(await open(place)).toEqual(first);
});

describe("an entry is dropped and the network opens from its own weights where", () => {
  const check = async (damage: (entry: string) => void, reason: RegExp): Promise<void> => {
    const place = await filledPlace();
    damage(entryOf(place));
    const { answer, told } = await open(place);
    expect(answer).toBe(side);
    expect(told).toEqual([expect.stringMatching(reason)]);
    expect(told[0]).toMatch(
      /^refused: cache: .+, got .+; linear is opened from the model's own files$/,
    );
    expect(entriesOf(place)).toEqual([]);
    expect(await open(place)).toEqual(kept);
    expect(await open(place)).toEqual(used);
  };
  const file = (entry: string, name: string): string => join(entry, name);

  it("its weights are cut", () =>
    check(
      (entry) => truncateSync(file(entry, "weights.bin"), 100),
      /weights\.bin has 100 bytes instead of \d+/,
    ));
  it("its weights are gone", () =>
    check((entry) => rmSync(file(entry, "weights.bin")), /ENOENT.*weights\.bin/));
  it("its graph is cut", () =>
    check(
      (entry) => truncateSync(file(entry, "network.onnx"), 100),
      /network\.onnx is not what was written/,
    ));
  it("a byte of its graph has changed", () =>
    check((entry) => {
      const bytes = readFileSync(file(entry, "network.onnx"));
      bytes[50] = (bytes[50] ?? 0) ^ 1;
      writeFileSync(file(entry, "network.onnx"), bytes);
    }, /network\.onnx is not what was written/));
  it("its facts are gone", () =>
    check((entry) => rmSync(file(entry, "entry.json")), /entry\.json cannot be read/));
  it("its facts are no JSON", () =>
    check((entry) => writeFileSync(file(entry, "entry.json"), "{"), /entry\.json cannot be read/));
  it("the runtime refuses its graph", () =>
    check((entry) => {
      const graph = Buffer.from("no graph");
      writeFileSync(file(entry, "network.onnx"), graph);
      const facts = JSON.parse(readFileSync(file(entry, "entry.json"), "utf8"));
      writeFileSync(
        file(entry, "entry.json"),
        JSON.stringify({ ...facts, graphHash: hashOf(graph) }),
      );
    }, /a damaged entry \(.*(protobuf|ModelProto)/i));
});

describe("an entry is not used for", () => {
  it("another graph over the same weights", async () => {
    const place = await filledPlace();
    expect(await open(place, linearOf(place.file, 5))).toEqual({ answer: side + 5, told: [] });
  });

  it("weights that were written to", async () => {
    const place = await filledPlace();
    appendFileSync(place.file, "");
    writeModel(join(place.file, ".."), 2);
    expect(await open(place)).toEqual({ answer: 2 * side, told: [] });
  });

  it("weights that took their place with the same size, name and time", async () => {
    const place = await filledPlace();
    const { atime, mtime, size } = statSync(place.file);
    const other = writeModel(join(place.folder, "../other"), 3);
    utimesSync(other, atime, mtime);
    renameSync(other, place.file);
    expect(statSync(place.file)).toMatchObject({ size, mtime });
    expect(await open(place)).toEqual({ answer: 3 * side, told: [] });
  });

  it("weights that are a copy elsewhere", async () => {
    const place = await filledPlace();
    const copy = join(place.folder, "../copy.safetensors");
    cpSync(place.file, copy, { preserveTimestamps: true });
    expect(await open(place, linearOf(copy))).toEqual(first);
  });
});

it("weights that are gone are told by the runtime, as without a cache", async () => {
  const place = await filledPlace();
  const graph = linearOf(place.file);
  rmSync(place.file);
  await expect(open(place, graph)).rejects.toThrow(/model\.safetensors/);
});

it("two processes that keep the same network at once leave one entry, and both go on", async () => {
  const place = newPlace();
  await open(place);
  const both = await Promise.all([open(place), open(place)]);
  expect(both.map(({ answer }) => answer)).toEqual([side, side]);
  expect(entriesOf(place)).toHaveLength(1);
  expect(await open(place)).toEqual(used);
});

it("a network that is closed before it was called leaves nothing", async () => {
  const place = newPlace();
  await open(place);
  const cache = networkCache(place, plenty);
  const user = { model: "", network: "", onEvent: () => {} };
  await (await cache.open(linearOf(place.file), options, user)).dispose();
  await cache.settle();
  expect(entriesOf(place)).toEqual([]);
});

it("a network that twice ended its process while it was kept is not kept a third time", async () => {
  const place = newPlace();
  await open(place);
  const lost = { model: "", network: "", onEvent: () => {} };
  for (let time = 0; time < 2; time += 1) {
    await networkCache(place, plenty).open(linearOf(place.file), options, lost);
    expect(entriesOf(place)).toHaveLength(time + 1);
  }
  expect(await open(place)).toEqual(first);
});

it("weights that change while they are kept leave no entry", async () => {
  const place = newPlace();
  await open(place);
  const cache = networkCache(place, plenty);
  const told: string[] = [];
  const network = await cache.open(linearOf(place.file), options, {
    model: "",
    network: "linear",
    onEvent: ({ state, note }) => void told.push(state + note),
  });
  writeModel(join(place.file, ".."), 2);
  await network.run({ x: row(1) });
  await cache.settle();
  await network.dispose();
  expect(told).toEqual(["saving", expect.stringMatching(/weights that changed while/)]);
  expect(entriesOf(place)).toEqual([]);
});
