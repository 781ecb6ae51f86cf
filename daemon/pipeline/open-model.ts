// A model folder → the calls that a run makes: text in, latents and pictures through. Networks open at their
// first call and stay open until they are closed; weights stay in their files.
import { networkRefused } from "../base/failure.ts";
import { sizeOf, type Tensor } from "../base/tensor.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { type LoraFile, loraNetworks } from "../config/read-lora.ts";
import type { UNetVariant } from "../config/unet-variant.ts";
import type { GraphTarget } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import { denoiser as denoiserOf } from "../models/denoiser.ts";
import { mapOutput } from "../models/map-hooks.ts";
import { type TextEncoder, textEncoders } from "../models/text-encoders.ts";
import { vaeDecoder, vaeEncoder } from "../models/vae.ts";
import type { VaeWorkspace } from "../plan/plan.ts";
import type { Part, RunEvent } from "../protocol/run-event.ts";
import type { Device } from "../runtime/choose-device.ts";
import type { CacheUser } from "../runtime/keep-network.ts";
import { type NetworkCache, noCache } from "../runtime/network-cache.ts";
import type { Feed, Network, NetworkOptions } from "../runtime/open-network.ts";
import type { Component } from "../weights/find-weights.ts";
import { openWeights } from "../weights/open-weights.ts";
import { scopeOf, type WeightScope } from "../weights/weight-scope.ts";
import { type DenoiserCall, denoiserFeeds } from "./denoiser-feeds.ts";
import { guardFiles, modelFiles } from "./model-files.ts";
import { loraFeeds, lorasIn, openLoras } from "./open-loras.ts";
import { openVariants } from "./open-variants.ts";

/** `text` [1, positions, width]; `pooled` [1, width] where the encoder has a projection. */
export interface EncodedText {
  readonly text: Tensor;
  readonly pooled: Tensor | null;
}

export interface OpenTextEncoder extends Pick<TextEncoder, "tokenizer" | "positions" | "place"> {
  /** `loraWeights` are those of all LoRAs of the model, in their order. */
  encode(ids: Int32Array, loraWeights: readonly number[]): Promise<EncodedText>;
  /** Frees the network. */
  close(): Promise<void>;
}

/** The stage that the picture belongs to, and what the plan says of the VAE's memory there. */
export interface VaeCall {
  readonly stage: number;
  readonly workspace: VaeWorkspace;
}

export interface OpenModel {
  /** Picture levels with cross-attention, in the order of maps in and out. */
  readonly mapLevels: readonly number[];
  readonly textEncoders: readonly OpenTextEncoder[];
  /** Places in the list of the LoRAs that change text encoders. */
  readonly textLoras: readonly number[];
  /** Memory that the largest text encoder takes while it is open, at most. */
  readonly textBytes: number;
  predict(
    call: DenoiserCall,
  ): Promise<{ readonly prediction: Tensor; readonly maps: readonly Tensor[] }>;
  /** Picture [n, 3, h, w] → moments [n, 2c, h/8, w/8]. */
  encode(picture: Tensor, call: VaeCall): Promise<Tensor>;
  /** Unscaled latent [n, c, h, w] → picture [n, 3, 8h, 8w]. */
  decode(latent: Tensor, call: VaeCall): Promise<Tensor>;
  /** Frees the denoiser where the plan wants the VAE to work alone; its next call opens it again. */
  closeDenoiser(): Promise<void>;
  /** Frees the VAE, after each picture: what it works in is large, and many steps pass before the next one. */
  closeVae(): Promise<void>;
  /** Frees all networks; the next call to one opens it again. */
  dispose(): Promise<void>;
}

/** What a model may have around it. */
interface ModelExtras {
  readonly cache?: NetworkCache | undefined;
  readonly loras?: readonly LoraFile[];
}

/**
 * Checks every weight's place and shape now (throws Failures); opens networks when they are first called. A call throws
 * `changedWeights` or `changedLora` where it opens one after a file was written.
 */
export function openModel(
  config: ModelConfig,
  device: Device,
  onEvent: (event: RunEvent) => void,
  { cache = noCache, loras = [] }: ModelExtras = {},
): OpenModel {
  const architecture = denoiserOf(config);
  const levels = architecture.mapLevels;
  const { target } = device;
  const vaeTarget: GraphTarget = config.exactVae ? { ...target, precision: "float32" } : target;
  const lorasOf = openLoras(loras, () => loraNetworks(config));
  const refuseChanges = guardFiles(modelFiles(config), loras);
  const network = (part: Part, component: Component, build: Build, from = cache): LazyNetwork => {
    const graph = build(scopeOf(openWeights(config.folder, component), lorasOf(component)));
    const user: CacheUser = {
      model: config.folder,
      network: part,
      onEvent: (event) => onEvent({ kind: "cache", part, ...event }),
    };
    const open: Opener = (options) => {
      refuseChanges();
      return from.open(graph, { ...device, ...habits[part], ...options }, user);
    };
    return explained(config.folder, part, lazyNetwork(part, graph, open, onEvent));
  };
  const texts = textEncoders(config).map((encoder) => ({
    encoder,
    network: network("text", encoder.component, (weights) => encoder.build(weights, target)),
  }));
  const plain = network("denoiser", architecture.component, (weights) =>
    architecture.build(weights, target),
  );
  const denoiser = openVariants((variant: UNetVariant | null) =>
    variant === null
      ? plain
      : network(
          "denoiser",
          architecture.component,
          (weights) => architecture.build(weights, target, variant),
          // A run has several, each as large as the model: they open anew.
          noCache,
        ),
  );
  const encoder = network("vae-encode", "vae", (weights) =>
    vaeEncoder(config.vae, weights, vaeTarget),
  );
  const decoder = network("vae-decode", "vae", (weights) =>
    vaeDecoder(config.vae, weights, vaeTarget),
  );
  return {
    mapLevels: levels,
    textEncoders: texts.map(openTextEncoder),
    textLoras: [...new Set(texts.flatMap((text) => text.network.loras))],
    textBytes: Math.max(...texts.map((text) => text.network.weightBytes)),
    predict: async (call) => {
      const feeds = denoiserFeeds(call, levels, config);
      const { variant = null, networksAtOnce = 1 } = call;
      const chosen = await denoiser.get(variant, networksAtOnce);
      const { prediction, ...outputs } = await chosen.run(call, feeds);
      const maps = call.collect ? levels.map((level) => outputs[mapOutput(level)] as Tensor) : [];
      return { prediction: prediction as Tensor, maps };
    },
    encode: async (image, call) => (await encoder.run(call, { image }))["moments"] as Tensor,
    decode: async (latent, call) => (await decoder.run(call, { latent }))["image"] as Tensor,
    closeDenoiser: () => denoiser.close(),
    closeVae: async () => {
      await encoder.close();
      await decoder.close();
    },
    dispose: async () => {
      const all = [...texts.map((text) => text.network), denoiser, encoder, decoder];
      for (const each of all) await each.close();
    },
  };
}

function openTextEncoder(of: {
  readonly encoder: TextEncoder;
  readonly network: LazyNetwork;
}): OpenTextEncoder {
  const { tokenizer, positions, place } = of.encoder;
  return {
    tokenizer,
    positions,
    place,
    encode: async (ids, loraWeights) => {
      const feeds = { ids: { shape: [1, ids.length], data: ids } };
      const { text, pooled } = await of.network.run({ stage: null, loraWeights }, feeds);
      return { text: text as Tensor, pooled: pooled ?? null };
    },
    close: () => of.network.close(),
  };
}

/** The runtime's reason without the places in its source that come before it. */
function reasonOf(message: string): string {
  const [line = ""] = message.split("\n");
  return line.replace(/^.*Status Message: /, "").replace(/^\/onnxruntime_src.* was false\. ?/, "");
}

/** The same network; what the runtime throws at it becomes a Failure that names the model. */
function explained(folder: string, part: Part, network: LazyNetwork): LazyNetwork {
  const explain = (error: unknown): never => {
    // Failures and mistakes of this program have other names.
    if (!(error instanceof Error) || error.name !== "Error") throw error;
    throw networkRefused(folder, part, reasonOf(error.message));
  };
  return {
    ...network,
    run: (call, feeds) => network.run(call, feeds).catch(explain),
  };
}

type Build = (weights: WeightScope) => GraphData;

/** The denoiser is called in every step and keeps its memory; text is encoded once; of the VAE the plan decides. */
const habits: Readonly<Record<Part, Pick<NetworkOptions, "workspace" | "preparation">>> = {
  text: { workspace: "release", preparation: "none" },
  denoiser: { workspace: "keep", preparation: "full" },
  "vae-encode": { workspace: "release", preparation: "full" },
  "vae-decode": { workspace: "release", preparation: "full" },
};

type Opener = (options: { readonly workspace?: VaeWorkspace }) => Promise<Network>;

interface NetworkCall {
  readonly stage: number | null;
  readonly workspace?: VaeWorkspace;
  readonly loraWeights?: readonly number[];
}

interface LazyNetwork {
  /** Of its weights in float32. */
  readonly weightBytes: number;
  /** Places in the list of the LoRAs that change it. */
  readonly loras: readonly number[];
  /** Opens the network where it is closed, with `workspace` where the call says one. */
  run(call: NetworkCall, feeds: Readonly<Record<string, Feed>>): ReturnType<Network["run"]>;
  close(): Promise<void>;
}

function lazyNetwork(
  part: Part,
  graph: GraphData,
  openNetwork: Opener,
  onEvent: (event: RunEvent) => void,
): LazyNetwork {
  let open: Network | undefined;
  const loras = lorasIn(graph);
  const run: LazyNetwork["run"] = async ({ stage, workspace, loraWeights = [] }, feeds) => {
    if (open === undefined) {
      onEvent({ kind: "opening", part });
      open = await openNetwork(workspace === undefined ? {} : { workspace });
      onEvent({ kind: "opened", part });
    }
    onEvent({ kind: "calling", part, stage });
    const outputs = await open.run({ ...feeds, ...loraFeeds(loras, loraWeights) });
    onEvent({ kind: "called", part, stage });
    return outputs;
  };
  return {
    weightBytes: graph.initializers.reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0),
    loras,
    run,
    close: async () => {
      await open?.dispose();
      open = undefined;
    },
  };
}
