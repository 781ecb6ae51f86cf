// A graph with its weights in place → a network that can be called. Only this folder knows ONNX Runtime.
// Its calls block the event loop of their process; that is why an engine process of its own runs them.
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { Provider } from "../base/provider.ts";
import { sizeOf, type Tensor } from "../base/tensor.ts";
import { encodeModel, type GraphData, type Initializer } from "../graph/onnx.ts";

/** What goes into a network: float32 tensors, int32 tensors, or one bool. */
export type Feed =
  | Tensor
  | { readonly shape: readonly number[]; readonly data: Int32Array }
  | boolean;

export interface Network {
  /** Calls the network once; outputs by name, float32. */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Readonly<Record<string, Tensor>>>;
  /** Frees the network's memory. */
  dispose(): Promise<void>;
}

export interface NetworkOptions {
  readonly provider: Provider;
  /** Threads of one operator; 0 lets the runtime use every core. */
  readonly threads: number;
  /**
   * Whether memory that a call worked in is kept for the next one (faster) or given back at once: `keep` suits a
   * network that is called many times, `release` one that needs much and is called seldom.
   */
  readonly workspace: "keep" | "release";
  /**
   * Whether the graph is rewritten and its weights repacked for speed while it opens (`full`), or run as it is
   * (`none`), which opens at once: for a network that is called once or twice.
   */
  readonly preparation: "full" | "none";
  /** Where to write a profile of every node, for the bench. */
  readonly profile?: string;
}

/** Opens a graph. Weights are mapped from their files by the runtime and never pass through JavaScript. */
export async function openNetwork(graph: GraphData, options: NetworkOptions): Promise<Network> {
  return openSession(encodeNetwork(graph), sessionOptions(options));
}

/** The graph as the runtime wants it, its weights where they are. */
export function encodeNetwork(graph: GraphData): Uint8Array {
  return encodeModel(withRelativeFiles(graph));
}

/** Opens what is encoded already; places of weights are relative to the folder that the options say. */
export async function openSession(
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<Network> {
  const session = await InferenceSession.create(model, options);
  return {
    run: async (feeds) => {
      const outputs = await session.run(toOrt(feeds));
      return Object.fromEntries(
        session.outputNames.map((name) => [name, fromOrt(outputs[name] as OrtTensor)]),
      );
    },
    dispose: async () => {
      if (options.enableProfiling) session.endProfiling();
      await session.release();
    },
  };
}

/** For weights that lie below `folder`: several folders have the root of the disk in common. */
export function sessionOptions(
  options: NetworkOptions,
  folder = "/",
): InferenceSession.SessionOptions {
  return {
    executionProviders: [options.provider],
    intraOpNumThreads: options.threads,
    graphOptimizationLevel: options.preparation === "full" ? "all" : "disabled",
    enableCpuMemArena: options.workspace === "keep",
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(options.profile === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: options.profile }),
    extra: {
      session: {
        model_external_initializers_file_folder_path: folder,
        intra_op: { spin_duration_us: "500" },
      },
    },
  };
}

/** For a graph that the runtime has prepared before, its weights beside it in `folder`. */
export function preparedOptions(
  options: NetworkOptions,
  folder: string,
): InferenceSession.SessionOptions {
  return { ...sessionOptions(options, folder), graphOptimizationLevel: "disabled" };
}

/** ONNX Runtime refuses absolute paths, and accepts the same ones relative to the folder given above. */
function withRelativeFiles(graph: GraphData): GraphData {
  const relative = (initializer: Initializer): Initializer =>
    initializer.content instanceof Uint8Array
      ? initializer
      : {
          ...initializer,
          content: { ...initializer.content, file: initializer.content.file.replace(/^\/+/, "") },
        };
  return { ...graph, initializers: graph.initializers.map(relative) };
}

function toOrt(feeds: Readonly<Record<string, Feed>>): Record<string, OrtTensor> {
  return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, toOrtTensor(feed)]));
}

function toOrtTensor(feed: Feed): OrtTensor {
  if (typeof feed === "boolean") return new OrtTensor("bool", [feed], []);
  return feed.data instanceof Int32Array
    ? new OrtTensor("int32", feed.data, feed.shape)
    : new OrtTensor("float32", feed.data, feed.shape);
}

function fromOrt(tensor: OrtTensor): Tensor {
  const data = tensor.data as Float32Array;
  return { shape: tensor.dims, data: data.subarray(0, sizeOf(tensor.dims)) };
}
