// The small UNets of test/models/fixtures, and golden networks, with what diffusers answered (see the README there).
import { fileURLToPath } from "node:url";
import type { Size } from "../../daemon/base/size.ts";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { readUNetConfig } from "../../daemon/config/unet-config.ts";
import type { GraphTarget } from "../../daemon/graph/graph-builder.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { denoiser, unetDenoiser } from "../../daemon/models/denoiser.ts";
import { type Network, openNetwork } from "../../daemon/runtime/open-network.ts";
import { gridOf } from "../../daemon/sampler/attention-maps.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { type RootScope, scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "./answer-parts.ts";
import { type DenoiserCall, denoiserFeeds, type Outputs } from "./call-network.ts";
import { readText } from "./published-run.ts";
import { golden } from "./read-golden.ts";
import { readTensors, tensorOf } from "./read-tensors.ts";

/** A file or folder of test/models/fixtures. */
export const modelFixture = (name: string): string =>
  fileURLToPath(new URL(`../models/fixtures/${name}`, import.meta.url));

/** Each network at each of its sizes, as "name.HxW". */
export const networkCases = [
  "lists.8x8",
  "lists.9x6",
  "plain-top.8x8",
  "plain-top.9x6",
  "one-level.8x8",
  "one-level.9x6",
  "uneven.8x8",
  "uneven.9x6",
  "sd21.9x13",
  "sd21.10x14",
  "sd3.8x8",
  "sd3.10x14",
  "sd35.8x8",
  "sd35.10x14",
] as const;

export type NetworkCase = (typeof networkCases)[number];

type Attention = GraphTarget["attention"];

export interface FixtureNetwork {
  /** Levels with cross-attention, and the cells of each in this case's picture. */
  readonly levels: readonly number[];
  readonly cells: ReadonlyMap<number, number>;
  /** A tensor of the reference. */
  tensor(name: string): Tensor;
  /** Calls the network on the case's inputs, in one session for all cases of a network. */
  call(how?: Omit<DenoiserCall, "sample" | "text" | "timestep">): Promise<Outputs>;
}

const network = (of: NetworkCase): string => of.split(".")[0] ?? "";

/** One case of one network. */
export function fixtureNetwork(of: NetworkCase, attention: Attention = "fused"): FixtureNetwork {
  const tensors = readTensors(
    modelFixture(of.startsWith("sd3") ? "mmdits.safetensors" : "unets.safetensors"),
  );
  const tensor = (name: string): Tensor => tensorOf(tensors, `${of}.${name}`);
  const { levels } = buildNetwork(of, exact);
  const added = of.startsWith("sd3") ? { added: { pooled: tensor("pooled") } } : {};
  const feeds = { sample: tensor("sample"), text: tensor("text"), timestep: 417, ...added };
  return {
    levels,
    cells: cellsOf(levels, toSize(of.split(".")[1] ?? "")),
    tensor,
    call: async (how = {}) => {
      const session = await sessionOf(of, attention);
      return session.run(denoiserFeeds({ ...feeds, ...how }, levels));
    },
  };
}

/** Opening takes longer than calling, so a test file opens each network once; they go with its process. */
const sessions = new Map<string, Promise<Network>>();

function sessionOf(of: NetworkCase, attention: Attention): Promise<Network> {
  const key = `${network(of)} ${attention}`;
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const { graph } = buildNetwork(of, { ...exact, attention });
  const opened = openNetwork(graph, {
    provider: "cpu",
    threads: 1,
    workspace: "release",
    preparation: "full",
  });
  sessions.set(key, opened);
  return opened;
}

/** The graph of a case's network over its weights. */
export function buildNetwork(
  of: NetworkCase,
  target: GraphTarget,
): {
  readonly graph: GraphData;
  readonly weights: RootScope;
  readonly levels: readonly number[];
} {
  const isGolden = network(of).startsWith("sd");
  const folder = isGolden ? golden(`models/${network(of)}`) : modelFixture(network(of));
  const { component, mapLevels, build } = isGolden
    ? denoiser(readModelConfig(folder, readText))
    : unetDenoiser(readUNetConfig(folder, readText));
  const weights = scopeOf(findWeights(folder, component, "fp32"));
  return { graph: build(weights, target), weights, levels: mapLevels };
}

function cellsOf(levels: readonly number[], latent: Size): ReadonlyMap<number, number> {
  return new Map(
    levels.map((level) => {
      const { width, height } = gridOf(latent, level);
      return [level, width * height];
    }),
  );
}

function toSize(text: string): Size {
  const [height = 0, width = 0] = text.split("x").map(Number);
  return { height, width };
}
