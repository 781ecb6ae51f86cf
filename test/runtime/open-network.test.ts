// The runtime: weights wherever they lie, answers that stay what they were, and failures that are told.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { GraphBuilder } from "../../daemon/graph/graph-builder.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { add, mul } from "../../daemon/graph/operators.ts";
import { at, weight } from "../../daemon/models/layer.ts";
import {
  type Feed,
  type Network,
  type NetworkOptions,
  openNetwork,
} from "../../daemon/runtime/open-network.ts";
import { readHeader } from "../../daemon/weights/read-header.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "../support/answer-parts.ts";
import { callNetwork, denoiserFeeds } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import { buildNetwork, fixtureNetwork } from "../support/fixture-networks.ts";
import { writeTensors } from "../support/write-tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "open-network-"));
afterAll(() => rmSync(folder, { recursive: true }));

const row = (...values: readonly number[]): Tensor => ({
  shape: [values.length],
  data: Float32Array.from(values),
});

/** A checkpoint of one tensor `w` behind another one, so that its offset is not 0. */
function writeCheckpoint(file: string, w: Tensor): string {
  const tensors = { before: row(-1, -2, -3), w };
  writeTensors(join(folder, file), new Map(Object.entries(tensors)), "F32");
  return join(folder, file);
}

/** x · (w of the first file) + (w of the second). */
function multiplyAdd(files: readonly [string, string]): GraphData {
  const g = new GraphBuilder({ precision: "float32", attention: "fused" });
  const x = g.floatInput("x", [3]);
  const [factor, shift] = files.map((file, index) => {
    const { tensors } = readHeader(file);
    const renamed = new Map([...tensors].map(([key, tensor]) => [`${index}.${key}`, tensor]));
    const layer = { g, weights: scopeOf({ source: file, tensors: renamed }) };
    return at(layer, String(index), (inner) => weight(inner, "w", [3]));
  });
  if (factor === undefined || shift === undefined) throw new Error("two files are needed");
  g.floatOutput("y", add(g, mul(g, x, factor), shift), [3]);
  return g.finish("multiply-add");
}

const factor = row(2, 3, 4);
const shift = row(0.5, 0.25, 0.125);

async function check(files: readonly [string, string]): Promise<void> {
  const { y } = await callNetwork(multiplyAdd(files), { x: row(1, 10, 100) });
  expect(y).toEqual(row(2.5, 30.25, 400.125));
}

const linkTo = (target: string, path: string): void => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  symlinkSync(target, join(folder, path));
};

describe("weights are found", () => {
  it("in one folder", () =>
    check([
      writeCheckpoint("one/a.safetensors", factor),
      writeCheckpoint("one/b.safetensors", shift),
    ]));

  it("in two folders", () =>
    check([
      writeCheckpoint("left/a.safetensors", factor),
      writeCheckpoint("right/a.safetensors", shift),
    ]));

  it.each(["with space/my model", "modèle-ü/漢字", "100%/a#b?c&d", "quote'\"s", "dots/..a/b."])(
    "below a folder named %s",
    (name) =>
      check([
        writeCheckpoint(`${name}/a.safetensors`, factor),
        writeCheckpoint(`${name}/ö b.safetensors`, shift),
      ]),
  );

  it("through a link to their folder", () => {
    writeCheckpoint("real/snapshot/a.safetensors", factor);
    writeCheckpoint("real/snapshot/b.safetensors", shift);
    linkTo(join(folder, "real/snapshot"), "links/model");
    return check([
      join(folder, "links/model/a.safetensors"),
      join(folder, "links/model/b.safetensors"),
    ]);
  });

  it("through links to the files, as in a download cache", () => {
    writeCheckpoint("cache/blobs/0123.safetensors", factor);
    writeCheckpoint("cache/blobs/4567.safetensors", shift);
    linkTo("../../blobs/0123.safetensors", "cache/snapshots/main/a.safetensors");
    linkTo("../../blobs/4567.safetensors", "cache/snapshots/main/b.safetensors");
    return check([
      join(folder, "cache/snapshots/main/a.safetensors"),
      join(folder, "cache/snapshots/main/b.safetensors"),
    ]);
  });
});

/** Doubles `x`, and gives `ids` back. */
function doubling(): GraphData {
  const g = new GraphBuilder({ precision: "float32", attention: "fused" });
  const x = g.floatInput("x", ["n"]);
  g.output("same ids", g.input("ids", "int32", ["m"]), "int32", ["m"]);
  g.floatOutput("y", add(g, x, x), ["n"]);
  g.floatOutput("z", mul(g, x, g.floats([-1], [])), ["n"]);
  return g.finish("doubling");
}

const ids: Feed = { shape: [1], data: Int32Array.of(5) };

type Options = Pick<NetworkOptions, "workspace" | "preparation">;

async function withNetwork(
  options: Options,
  use: (network: Network) => Promise<void>,
): Promise<void> {
  const network = await openNetwork(doubling(), { provider: "cpu", threads: 1, ...options });
  try {
    await use(network);
  } finally {
    await network.dispose();
  }
}

describe.each<Options>([
  { workspace: "keep", preparation: "full" },
  { workspace: "release", preparation: "full" },
  { workspace: "release", preparation: "none" },
])("a network opened with %j", (options) => {
  it("leaves earlier answers alone, whatever is asked later", () =>
    withNetwork(options, async (network) => {
      const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
        minLength: 1,
        maxLength: 300,
      });
      const calls = fc.array(values, { minLength: 2, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(calls, async (inputs) => {
          const held = [];
          for (const each of inputs) held.push(await network.run({ x: row(...each), ids }));
          const negated = held.map(({ z }) => [...(z?.data ?? [])]);
          expect(negated).toEqual(inputs.map((each) => each.map((value) => value * -1)));
        }),
        { numRuns: 30 },
      );
    }));

  it("leaves its inputs alone", () =>
    withNetwork(options, async (network) => {
      const x = row(1, 2, 3);
      await network.run({ x, ids });
      expect(x).toEqual(row(1, 2, 3));
    }));

  it("answers every output by its name, and nothing for no values", () =>
    withNetwork(options, async (network) => {
      const outputs = await network.run({ x: row(), ids });
      expect(Object.keys(outputs).sort()).toEqual(["same ids", "y", "z"]);
      expect(outputs["y"]).toEqual(row());
    }));

  it("says which input is missing", () =>
    withNetwork(options, async (network) => {
      await expect(network.run({ ids })).rejects.toThrow(/'x'/);
    }));
});

it("two networks open at once do not meet", async () => {
  const options = { workspace: "keep", preparation: "full" } as const;
  await withNetwork(options, (one) =>
    withNetwork(options, async (other) => {
      const first = await one.run({ x: row(1, 2), ids });
      const second = await other.run({ x: row(3, 4), ids });
      expect([first["y"], second["y"]]).toEqual([row(2, 4), row(6, 8)]);
    }),
  );
});

it("a network that is not prepared answers as a prepared one does", async () => {
  const { graph } = buildNetwork("lists.9x6", exact);
  const { call, tensor, levels } = fixtureNetwork("lists.9x6");
  const feeds = { sample: tensor("sample"), text: tensor("text"), timestep: 417, collect: true };
  const options = {
    provider: "cpu",
    threads: 1,
    workspace: "release",
    preparation: "none",
  } as const;
  const network = await openNetwork(graph, options);
  const unprepared = await network.run(denoiserFeeds(feeds, levels));
  await network.dispose();
  for (const [name, expected] of Object.entries(await call({ collect: true })))
    expect(difference(unprepared[name], expected), name).toBeLessThan(1e-5);
});

it("a file that went away is told when the network is opened", async () => {
  const gone = writeCheckpoint("gone/a.safetensors", factor);
  const graph = multiplyAdd([gone, writeCheckpoint("gone/b.safetensors", shift)]);
  rmSync(gone);
  const options = {
    provider: "cpu",
    threads: 1,
    workspace: "release",
    preparation: "full",
  } as const;
  await expect(openNetwork(graph, options)).rejects.toThrow(/gone\/a\.safetensors/);
});

it("a file that became shorter is told when the network is opened", async () => {
  const short = writeCheckpoint("short/a.safetensors", factor);
  const graph = multiplyAdd([short, writeCheckpoint("short/b.safetensors", shift)]);
  writeFileSync(short, "");
  const options = {
    provider: "cpu",
    threads: 1,
    workspace: "release",
    preparation: "full",
  } as const;
  await expect(openNetwork(graph, options)).rejects.toThrow();
});
