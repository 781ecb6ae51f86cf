// Collects the nodes of an ONNX graph while a model is written down as functions.
// The scope path names the nodes like the checkpoint's keys, so that profiles can be read.
import type {
  Attribute,
  Dimension,
  ElementType,
  ExternalData,
  GraphData,
  Initializer,
  NodeData,
  PortInfo,
} from "./onnx.ts";
import { elementTypeNumber } from "./onnx.ts";

/** A tensor inside the graph under construction. */
export interface Value {
  readonly name: string;
}

/** How the graph computes: the type between its inputs and outputs, and which attention operator it may use. */
export interface GraphTarget {
  readonly precision: "float32" | "float16";
  /** `fused` is one com.microsoft MultiHeadAttention node, `decomposed` is MatMul, Softmax, MatMul. */
  readonly attention: "fused" | "decomposed";
  /** Most scores (queries × keys, of all heads and items) that attention has in memory at once; absent: all of them. */
  readonly scoresAtOnce?: number;
}

/** A stored weight: its place, its shape and the type it is stored in. */
export interface StoredWeight extends ExternalData {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

export class GraphBuilder {
  readonly target: GraphTarget;
  readonly #inputs: PortInfo[] = [];
  readonly #outputs: PortInfo[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #nodes: NodeData[] = [];
  readonly #weights = new Map<string, Value>();
  readonly #scope: string[] = [];
  readonly #prefix: string;
  #count = 0;

  /** `prefix` keeps the names of a subgraph apart from those of the graph around it. */
  constructor(target: GraphTarget, prefix = "") {
    this.target = target;
    this.#prefix = prefix;
  }

  /** Runs `build` with `path` as one more step of the scope. */
  scoped<T>(path: string, build: () => T): T {
    this.#scope.push(path);
    try {
      return build();
    } finally {
      this.#scope.pop();
    }
  }

  input(name: string, type: ElementType, shape: readonly Dimension[] | null): Value {
    this.#inputs.push({ name, type, shape });
    return { name };
  }

  /** An input that several layers ask for: declared once. */
  sharedInput(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    return this.#inputs.some((port) => port.name === name)
      ? { name }
      : this.input(name, type, shape);
  }

  /** Makes `value` an output of the graph under `name`. */
  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[] | null): void {
    this.#nodes.push({
      operator: "Identity",
      domain: "",
      name: `output/${name}`,
      inputs: [value.name],
      outputs: [name],
      attributes: {},
    });
    this.#outputs.push({ name, type, shape });
  }

  /** One operator with one output; `undefined` inputs are absent optional ones. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): Value {
    const [output] = this.nodes(operator, inputs, { attributes, domain, outputs: 1 });
    if (output === undefined) throw new Error(`graph: ${operator} must have an output`);
    return output;
  }

  /** One operator with several outputs. */
  nodes(
    operator: string,
    inputs: readonly (Value | undefined)[],
    options: {
      readonly attributes: Readonly<Record<string, Attribute>>;
      readonly domain: string;
      readonly outputs: number;
    },
  ): readonly Value[] {
    const name = this.#fresh(operator);
    const outputs = Array.from({ length: options.outputs }, (_, index) => ({
      name: `${name}:${index}`,
    }));
    this.#nodes.push({
      operator,
      domain: options.domain,
      name,
      inputs: inputs.map((input) => input?.name ?? ""),
      outputs: outputs.map((output) => output.name),
      attributes: options.attributes,
    });
    return outputs;
  }

  /** A small constant written into the graph itself. */
  constant(type: ElementType, shape: readonly number[], content: Uint8Array): Value {
    const name = this.#fresh("constant");
    this.#initializers.push({ name, type, shape, content });
    return { name };
  }

  /** int64 constants: shapes, axes, indices. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const content = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.constant("int64", shape, content);
  }

  /** Floating-point constants in the target's precision. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.inPrecision(this.floats32(values, shape));
  }

  /** Floating-point constants in float32, whatever the target's precision. */
  floats32(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.constant("float32", shape, new Uint8Array(Float32Array.from(values).buffer));
  }

  /** int32 constants: token ids. */
  integers32(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.constant("int32", shape, new Uint8Array(Int32Array.from(values).buffer));
  }

  /** A value of another type, float32 if not said, in the target's precision. */
  inPrecision(value: Value, type: ElementType = "float32"): Value {
    return type === this.target.precision ? value : this.#cast(value, this.target.precision);
  }

  /** A weight left in its file, cast to the target's precision where it is stored in another one. */
  weight(stored: StoredWeight): Value {
    const known = this.#weights.get(stored.name);
    if (known !== undefined) return known;
    const value = this.inPrecision(this.storedWeight(stored), stored.type);
    this.#weights.set(stored.name, value);
    return value;
  }

  /** A weight left in its file and in its type: for a table of which a call needs a part. To be asked for once. */
  storedWeight({ name, type, shape, file, offset, length }: StoredWeight): Value {
    this.#initializers.push({ name, type, shape, content: { file, offset, length } });
    return { name };
  }

  /** A float32 input of the graph, brought to the target's precision. */
  floatInput(name: string, shape: readonly Dimension[]): Value {
    return this.inPrecision(this.input(name, "float32", shape));
  }

  /** A value of another type, the target's precision if not said, as float32. */
  inFloat32(value: Value, type: ElementType = this.target.precision): Value {
    return type === "float32" ? value : this.#cast(value, "float32");
  }

  /** An output as float32, whatever the target's precision. */
  floatOutput(name: string, value: Value, shape: readonly Dimension[] | null): void {
    this.output(name, this.inFloat32(value), "float32", shape);
  }

  /** A graph that sees the values of this one: a branch of an If. */
  subgraph(name: string, build: (inner: GraphBuilder) => Value): GraphData {
    const inner = new GraphBuilder(this.target, `${this.#fresh(name)}/`);
    const value = build(inner);
    inner.output(`${inner.#prefix}result`, value, this.target.precision, null);
    return inner.finish(name);
  }

  /** The same with inputs of its own, in the target's precision and of any shape: the body of a Scan. */
  body(name: string, build: (inner: GraphBuilder, item: Value) => Value): GraphData {
    return this.subgraph(name, (inner) => {
      const item = inner.input(`${inner.#prefix}item`, this.target.precision, null);
      return build(inner, item);
    });
  }

  finish(name: string): GraphData {
    return {
      name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: this.#initializers,
      nodes: this.#nodes,
    };
  }

  #cast(value: Value, to: ElementType): Value {
    return this.node("Cast", [value], { to: { kind: "int", value: elementTypeNumber(to) } });
  }

  #fresh(operator: string): string {
    this.#count += 1;
    return `${this.#prefix}${[...this.#scope, operator].join(".")}#${this.#count}`;
  }
}
