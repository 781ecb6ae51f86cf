// The builder: names that never meet, weights that are there once, and casts exactly where types differ.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraphBuilder, type StoredWeight, type Value } from "../../daemon/graph/graph-builder.ts";
import type { Attribute, ElementType, GraphData, NodeData } from "../../daemon/graph/onnx.ts";
import { branch } from "../../daemon/graph/operators.ts";

/** What a made-up model does at one point. */
type Act =
  | { readonly kind: "node"; readonly operator: string; readonly outputs: number }
  | { readonly kind: "constant" }
  | { readonly kind: "scope"; readonly path: string; readonly acts: readonly Act[] }
  | { readonly kind: "branch"; readonly acts: readonly Act[] };

const operator = fc.constantFrom("Add", "Cast", "constant", "If", "then");
const path = fc.constantFrom("a", "b", "a.b", "Add", "then");

const { acts } = fc.letrec<{ readonly acts: readonly Act[]; readonly act: Act }>((tie) => ({
  acts: fc.array(tie("act"), { maxLength: 4 }),
  act: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant("node" as const),
      operator,
      outputs: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constant("constant" as const) }),
    fc.record({ kind: fc.constant("scope" as const), path, acts: tie("acts") }),
    fc.record({ kind: fc.constant("branch" as const), acts: tie("acts") }),
  ),
}));

function perform(g: GraphBuilder, list: readonly Act[]): void {
  for (const act of list)
    switch (act.kind) {
      case "node":
        g.nodes(act.operator, [], { attributes: {}, domain: "", outputs: act.outputs });
        break;
      case "constant":
        g.floats([1]);
        break;
      case "scope":
        g.scoped(act.path, () => perform(g, act.acts));
        break;
      case "branch": {
        const build = (inner: GraphBuilder): Value => {
          perform(inner, act.acts);
          return inner.floats([0]);
        };
        branch(g, g.floats([1]), { whenTrue: build, whenFalse: build });
        break;
      }
      default:
        act satisfies never;
    }
}

const isGraph = (attribute: Attribute): attribute is Extract<Attribute, { kind: "graph" }> =>
  attribute.kind === "graph";

const subgraphs = (node: NodeData): readonly GraphData[] =>
  Object.values(node.attributes)
    .filter(isGraph)
    .map(({ value }) => value);

/** Names of every value of a graph and of the graphs inside it. */
function valueNames(graph: GraphData): readonly string[] {
  return [
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap((node) => [...node.outputs, ...subgraphs(node).flatMap(valueNames)]),
  ];
}

function nodeNames(graph: GraphData): readonly string[] {
  return graph.nodes.flatMap((node) => [node.name, ...subgraphs(node).flatMap(nodeNames)]);
}

const builder = (precision: "float32" | "float16"): GraphBuilder =>
  new GraphBuilder({ precision, attention: "fused" });

describe("names", () => {
  it("are unique over all scopes and subgraphs, whatever is built", () => {
    fc.assert(
      fc.property(acts, fc.constantFrom("float32" as const, "float16" as const), (list, type) => {
        const g = builder(type);
        perform(g, list);
        const graph = g.finish("any");
        for (const names of [valueNames(graph), nodeNames(graph)])
          expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it("begin with the scope's path", () => {
    const g = builder("float32");
    const value = g.scoped("down_blocks.0", () => g.scoped("conv", () => g.node("Conv", [])));
    expect(value.name).toMatch(/^down_blocks\.0\.conv\.Conv#/);
  });

  it("leave a scope behind even where building it fails", () => {
    const g = builder("float32");
    const fail = (): never => {
      throw new Error("stop");
    };
    expect(() => g.scoped("broken", fail)).toThrow("stop");
    expect(g.node("Add", []).name).not.toContain("broken");
  });
});

const stored = (type: ElementType): StoredWeight => ({
  name: "conv.weight",
  type,
  shape: [2, 3],
  file: "/m.safetensors",
  offset: 8,
  length: 24,
});

const casts = (graph: GraphData): readonly unknown[] =>
  graph.nodes.filter((node) => node.operator === "Cast").map((node) => node.attributes["to"]);

const to = (value: number): Attribute => ({ kind: "int", value });
const float32 = 1;
const float16 = 10;

describe("weights", () => {
  it.each([
    ["float32", "float32", []],
    ["float16", "float32", [to(float32)]],
    ["bfloat16", "float32", [to(float32)]],
    ["float32", "float16", [to(float16)]],
    ["float16", "float16", []],
    ["bfloat16", "float16", [to(float16)]],
  ] as const)(
    "stored as %s are cast to %s only where they must be",
    (type, precision, expected) => {
      const g = builder(precision);
      g.weight(stored(type));
      expect(casts(g.finish("w"))).toEqual(expected);
    },
  );

  it("asked for twice are one initializer, one cast, one value", () => {
    const g = builder("float16");
    const [first, second] = [g.weight(stored("float32")), g.weight(stored("float32"))];
    const graph = g.finish("w");
    expect(first).toBe(second);
    expect(graph.initializers).toHaveLength(1);
    expect(casts(graph)).toHaveLength(1);
  });

  it("stay where they are in their file", () => {
    const g = builder("float32");
    g.weight(stored("float32"));
    expect(g.finish("w").initializers).toEqual([
      {
        name: "conv.weight",
        type: "float32",
        shape: [2, 3],
        content: { file: "/m.safetensors", offset: 8, length: 24 },
      },
    ]);
  });
});

describe("ports", () => {
  it.each([
    ["float32", []],
    ["float16", [to(float16), to(float32)]],
  ] as const)("are float32 outside while %s is computed inside", (precision, expected) => {
    const g = builder(precision);
    g.floatOutput("y", g.floatInput("x", ["n"]), ["n"]);
    const graph = g.finish("ports");
    expect([...graph.inputs, ...graph.outputs].map(({ type }) => type)).toEqual([
      "float32",
      "float32",
    ]);
    expect(casts(graph)).toEqual(expected);
  });

  it("of an integer or a bool are not cast", () => {
    const g = builder("float16");
    g.output("y", g.input("ids", "int32", [1]), "int32", [1]);
    expect(casts(g.finish("ports"))).toEqual([]);
  });

  it("of a subgraph have the type that is computed in", () => {
    const inner = builder("float16").subgraph("then", (g) => g.floats([1]));
    expect(inner.outputs.map(({ type }) => type)).toEqual(["float16"]);
  });
});
