// A model as ONNX Runtime saves it: places of weights change, a branch's names stand there once, the rest stays.
import { expect, it } from "vitest";
import { MessageWriter } from "../../daemon/graph/protobuf.ts";
import { type Placement, rewriteModel } from "../../daemon/graph/rewrite-model.ts";
import { decodeMessage, type WireValue } from "../support/protobuf-decoder.ts";

type Entries = Readonly<Record<string, string>>;

/** onnx.proto: TensorProto.name is field 8, external_data 13 with key 1 and value 2. */
function initializer(name: string, entries: Entries): MessageWriter {
  const message = new MessageWriter().packed(1, [2, 3]).integer(2, 1).bytes(8, name);
  for (const [key, value] of Object.entries(entries))
    message.bytes(13, new MessageWriter().bytes(1, key).bytes(2, value));
  return message.integer(14, 1);
}

const place = (offset: number, length: number, more: Entries = {}): Entries => ({
  location: "weights.bin",
  offset: String(offset),
  length: String(length),
  ...more,
});

/** A graph with a node, and in it a branch; ModelProto.graph is field 7. */
function model(outer: readonly MessageWriter[], inner: readonly MessageWriter[]): Uint8Array {
  const branch = graphOf(inner).bytes(1, new MessageWriter().bytes(4, "Identity"));
  const attribute = new MessageWriter().bytes(1, "then_branch").bytes(6, branch).integer(20, 5);
  const node = new MessageWriter().bytes(4, "If").bytes(5, attribute);
  const graph = graphOf(outer).bytes(1, node);
  return new MessageWriter().integer(1, 10).float(9, 0.5).bytes(7, graph).finish();
}

function graphOf(initializers: readonly MessageWriter[]): MessageWriter {
  const graph = new MessageWriter().bytes(2, "graph");
  for (const each of initializers) graph.bytes(5, each);
  return graph;
}

const bytesAt = (message: Uint8Array, field: number): readonly Uint8Array[] =>
  decodeMessage(message).flatMap((each) =>
    each.field === field && each.value instanceof Uint8Array ? [each.value] : [],
  );

const text = (value: WireValue | undefined): string =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : "";

/** Names and entries of a graph's initializers. */
function initializersOf(graph: Uint8Array): readonly (readonly [string, Entries])[] {
  return bytesAt(graph, 5).map((each) => {
    const entries = bytesAt(each, 13).map((entry) => [
      text(bytesAt(entry, 1)[0]),
      text(bytesAt(entry, 2)[0]),
    ]);
    return [text(bytesAt(each, 8)[0]), Object.fromEntries(entries)];
  });
}

const later = ({ offset, length }: Placement): Placement => ({ offset: offset + 1000, length });

function check(
  given: { readonly outer?: readonly MessageWriter[]; readonly inner?: readonly MessageWriter[] },
  expected: {
    readonly outer?: readonly (readonly [string, Entries])[];
    readonly inner?: readonly (readonly [string, Entries])[];
  },
): void {
  const rewritten = rewriteModel(model(given.outer ?? [], given.inner ?? []), later);
  const [graph = new Uint8Array()] = bytesAt(rewritten, 7);
  const [node = new Uint8Array()] = bytesAt(graph, 1);
  const [attribute = new Uint8Array()] = bytesAt(node, 5);
  const [branch = new Uint8Array()] = bytesAt(attribute, 6);
  expect(initializersOf(graph)).toEqual(expected.outer ?? []);
  expect(initializersOf(branch)).toEqual(expected.inner ?? []);
}

it("moves a weight", () =>
  check({ outer: [initializer("w", place(36, 24))] }, { outer: [["w", place(1036, 24)]] }));

it("moves what was repacked, every buffer of it, and leaves names and checksums", () =>
  check(
    { outer: [initializer("w", place(0, 24, { prepacked_0: "Gemm+17|24;400;0|424;8;0" }))] },
    { outer: [["w", place(1000, 24, { prepacked_0: "Gemm+17|1024;400;0|1424;8;0" })]] },
  ));

it("leaves a weight that is in the graph itself", () =>
  check({ outer: [initializer("w", {})] }, { outer: [["w", {}]] }));

it("keeps of a branch's weights with one name the last, and all that have their own", () =>
  check(
    {
      outer: [initializer("w", place(0, 4))],
      inner: [
        initializer("w", place(4, 4)),
        initializer("v", place(8, 4)),
        initializer("w", place(12, 4)),
      ],
    },
    {
      outer: [["w", place(1000, 4)]],
      inner: [
        ["v", place(1008, 4)],
        ["w", place(1012, 4)],
      ],
    },
  ));

it("leaves every other byte as it is", () => {
  const given = model([initializer("w", place(64, 24))], [initializer("v", place(128, 24))]);
  expect(rewriteModel(given, (same) => same)).toEqual(Buffer.from(given));
});

it.each([1, 2, 9, 30, 90])(
  "says of a model that lacks its last %i bytes that it is cut",
  (count) => {
    const given = model([initializer("w", place(0, 24))], []);
    expect(() => rewriteModel(given.subarray(0, -count), later)).toThrow(
      /protobuf: a .* ends after/,
    );
  },
);
