// An ONNX model as plain data, and its bytes. Knows the file format, not what any operator means.
// Source: onnx/onnx.proto (IR version 10).
import { MessageWriter } from "./protobuf.ts";

/** Element types by the names that safetensors and people use, with ONNX's numbers. */
const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;

export type ElementType = keyof typeof elementTypes;

/** ONNX's number of an element type, for attributes such as Cast's `to`. */
export function elementTypeNumber(type: ElementType): number {
  return elementTypes[type];
}

/** Bytes of a weight that stay in the file they are in. `file` is absolute. */
export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly content: Uint8Array | ExternalData;
}

/** A named dimension ("height") may differ from call to call. */
export type Dimension = number | string;

export interface PortInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[] | null;
}

export type Attribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "graph"; readonly value: GraphData };

export interface NodeData {
  readonly operator: string;
  readonly domain: string;
  readonly name: string;
  /** An empty name is an absent optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface GraphData {
  readonly name: string;
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly initializers: readonly Initializer[];
  readonly nodes: readonly NodeData[];
}

const irVersion = 10;
/** Gelu is standard since opset 20. */
const opset = 20;

/** The bytes of a model file whose weights stay where they are. */
export function encodeModel(graph: GraphData): Uint8Array {
  return new MessageWriter()
    .integer(1, irVersion)
    .bytes(2, "frecas")
    .bytes(7, encodeGraph(graph))
    .bytes(8, new MessageWriter().bytes(1, "").integer(2, opset))
    .bytes(8, new MessageWriter().bytes(1, "com.microsoft").integer(2, 1))
    .finish();
}

function encodeGraph(graph: GraphData): MessageWriter {
  const message = new MessageWriter();
  for (const node of graph.nodes) message.bytes(1, encodeNode(node));
  message.bytes(2, graph.name);
  for (const initializer of graph.initializers) message.bytes(5, encodeInitializer(initializer));
  for (const port of graph.inputs) message.bytes(11, encodePort(port));
  for (const port of graph.outputs) message.bytes(12, encodePort(port));
  return message;
}

function encodeNode(node: NodeData): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.bytes(1, input);
  for (const output of node.outputs) message.bytes(2, output);
  message.bytes(3, node.name).bytes(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes))
    message.bytes(5, encodeAttribute(name, attribute));
  return message.bytes(7, node.domain);
}

function encodeAttribute(name: string, attribute: Attribute): MessageWriter {
  const message = new MessageWriter().bytes(1, name);
  switch (attribute.kind) {
    case "float":
      return message.float(2, attribute.value).integer(20, 1);
    case "int":
      return message.integer(3, attribute.value).integer(20, 2);
    case "string":
      return message.bytes(4, attribute.value).integer(20, 3);
    case "graph":
      return message.bytes(6, encodeGraph(attribute.value)).integer(20, 5);
    case "ints":
      return message.packed(8, attribute.value).integer(20, 7);
    default:
      return attribute satisfies never;
  }
}

function encodeInitializer(initializer: Initializer): MessageWriter {
  const message = new MessageWriter()
    .packed(1, initializer.shape)
    .integer(2, elementTypes[initializer.type])
    .bytes(8, initializer.name);
  const { content } = initializer;
  if (content instanceof Uint8Array) return message.bytes(9, content);
  const entries = { location: content.file, offset: content.offset, length: content.length };
  for (const [key, value] of Object.entries(entries))
    message.bytes(13, new MessageWriter().bytes(1, key).bytes(2, String(value)));
  return message.integer(14, 1);
}

function encodePort(port: PortInfo): MessageWriter {
  const tensor = new MessageWriter().integer(1, elementTypes[port.type]);
  if (port.shape !== null) {
    const shape = new MessageWriter();
    for (const side of port.shape)
      shape.bytes(
        1,
        typeof side === "number"
          ? new MessageWriter().integer(1, side)
          : new MessageWriter().bytes(2, side),
      );
    tensor.bytes(2, shape);
  }
  return new MessageWriter().bytes(1, port.name).bytes(2, new MessageWriter().bytes(1, tensor));
}
