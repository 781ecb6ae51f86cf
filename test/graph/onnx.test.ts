// The model file: every part of a small graph found again, under the field numbers of onnx.proto.
import { expect, it } from "vitest";
import { type Attribute, encodeModel, type GraphData } from "../../daemon/graph/onnx.ts";
import { decodeMessage, decodePacked, type WireValue } from "../support/protobuf-decoder.ts";

/** A path of field numbers into a message; `[n, i]` takes the i-th field n. */
type Path = readonly (number | readonly [number, number])[];

const inner: GraphData = {
  name: "inner",
  inputs: [],
  outputs: [{ name: "inner/result", type: "float16", shape: null }],
  initializers: [],
  nodes: [],
};

const attributes: Readonly<Record<string, Attribute>> = {
  axis: { kind: "int", value: -1 },
  epsilon: { kind: "float", value: 0.5 },
  mode: { kind: "string", value: "nearest" },
  pads: { kind: "ints", value: [0, 1, -2] },
  then_branch: { kind: "graph", value: inner },
};

const graph: GraphData = {
  name: "outer",
  inputs: [{ name: "x", type: "float32", shape: ["n", 3, "height"] }],
  outputs: [{ name: "y", type: "int64", shape: [] }],
  initializers: [
    { name: "small", type: "int64", shape: [1], content: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0) },
    {
      name: "large",
      type: "bfloat16",
      shape: [1280, 320],
      content: { file: "models/ü x/unet.safetensors", offset: 2 ** 32 + 7, length: 819200 },
    },
    { name: "scalar", type: "float32", shape: [], content: new Uint8Array(4) },
  ],
  nodes: [
    {
      operator: "QuickGelu",
      domain: "com.microsoft",
      name: "the node",
      inputs: ["x", "", "small"],
      outputs: ["a", "y"],
      attributes,
    },
  ],
};

const bytes = encodeModel(graph);

function find(path: Path): WireValue | undefined {
  let value: WireValue | undefined = bytes;
  for (const step of path) {
    const [field, index] = typeof step === "number" ? [step, 0] : step;
    if (!(value instanceof Uint8Array)) return undefined;
    value = decodeMessage(value).filter((each) => each.field === field)[index]?.value;
  }
  return value;
}

const modelGraph = 7;
const node = [modelGraph, 1] as const;
const attribute = (index: number, field: number): Path => [...node, [5, index], field];
const weight = (index: number, ...rest: Path): Path => [modelGraph, [5, index], ...rest];
const external = (index: number, field: number): Path => weight(1, [13, index], field);
const inputShape = [modelGraph, 11, 2, 1, 2] as const;

const cases: readonly (readonly [string, Path, unknown])[] = [
  ["the IR version", [1], 10n],
  ["the producer", [2], "frecas"],
  ["the standard domain's name", [[8, 0], 1], ""],
  ["the standard domain's version", [[8, 0], 2], 20n],
  ["the contrib domain's name", [[8, 1], 1], "com.microsoft"],
  ["the contrib domain's version", [[8, 1], 2], 1n],
  ["the graph's name", [modelGraph, 2], "outer"],
  ["a node's first input", [...node, [1, 0]], "x"],
  ["an absent input as an empty name", [...node, [1, 1]], ""],
  ["the input after an absent one", [...node, [1, 2]], "small"],
  ["a node's second output", [...node, [2, 1]], "y"],
  ["a node's name", [...node, 3], "the node"],
  ["a node's operator", [...node, 4], "QuickGelu"],
  ["a node's domain", [...node, 7], "com.microsoft"],
  ["an attribute's name", attribute(0, 1), "axis"],
  ["a negative whole attribute", attribute(0, 3), -1n],
  ["the kind of a whole attribute", attribute(0, 20), 2n],
  ["a float attribute", attribute(1, 2), 0.5],
  ["the kind of a float attribute", attribute(1, 20), 1n],
  ["a text attribute", attribute(2, 4), "nearest"],
  ["the kind of a text attribute", attribute(2, 20), 3n],
  ["a list attribute", attribute(3, 8), [0, 1, -2]],
  ["the kind of a list attribute", attribute(3, 20), 7n],
  ["a graph attribute", [...attribute(4, 6), 2], "inner"],
  ["the kind of a graph attribute", attribute(4, 20), 5n],
  ["the output of a graph attribute", [...attribute(4, 6), 12, 1], "inner/result"],
  ["its element type", [...attribute(4, 6), 12, 2, 1, 1], 10n],
  ["no shape where none is known", [...attribute(4, 6), 12, 2, 1, 2], undefined],
  ["the shape of a small constant", weight(0, 1), [1]],
  ["the type of a small constant", weight(0, 2), 7n],
  ["the bytes of a small constant", weight(0, 9), graph.initializers[0]?.content],
  ["a small constant inside the file", weight(0, 14), undefined],
  ["the shape of a weight", weight(1, 1), [1280, 320]],
  ["the type of a weight", weight(1, 2), 16n],
  ["the name of a weight", weight(1, 8), "large"],
  ["no bytes of a weight", weight(1, 9), undefined],
  ["a weight outside the file", weight(1, 14), 1n],
  ["the key of a weight's place", external(0, 1), "location"],
  ["a weight's place", external(0, 2), "models/ü x/unet.safetensors"],
  ["the key of a weight's offset", external(1, 1), "offset"],
  ["a weight's offset beyond 2^32", external(1, 2), "4294967303"],
  ["the key of a weight's length", external(2, 1), "length"],
  ["a weight's length", external(2, 2), "819200"],
  ["the empty shape of a scalar", weight(2, 1), []],
  ["an input's name", [modelGraph, 11, 1], "x"],
  ["an input's element type", [modelGraph, 11, 2, 1, 1], 1n],
  ["a side by its name", [...inputShape, [1, 0], 2], "n"],
  ["a side by its number", [...inputShape, [1, 1], 1], 3n],
  ["no number for a named side", [...inputShape, [1, 2], 1], undefined],
  ["an output's name", [modelGraph, 12, 1], "y"],
  ["the shape without sides of a scalar output", [modelGraph, 12, 2, 1, 2], ""],
];

function check(path: Path, expected: unknown): void {
  const found = find(path);
  if (typeof expected === "string")
    expect(found instanceof Uint8Array ? Buffer.from(found).toString() : found).toBe(expected);
  else if (Array.isArray(expected)) expect(decodePacked(found as Uint8Array)).toEqual(expected);
  else if (expected instanceof Uint8Array)
    expect([...(found as Uint8Array)]).toEqual([...expected]);
  else expect(found).toBe(expected);
}

it.each(cases)("a model file holds %s", (_, path, expected) => check(path, expected));
