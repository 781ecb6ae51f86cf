// The small UNets of test/models/fixtures with what diffusers answered (see the README there).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Size } from "../../daemon/base/size.ts";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readUNetConfig } from "../../daemon/config/unet-config.ts";
import type { GraphTarget } from "../../daemon/graph/graph-builder.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { mapLevels, unet } from "../../daemon/models/unet.ts";
import { type Network, openNetwork } from "../../daemon/runtime/open-network.ts";
import { gridOf } from "../../daemon/sampler/attention-maps.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { type RootScope, scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "./answer-parts.ts";
import { type DenoiserCall, denoiserFeeds, type Outputs } from "./call-network.ts";
import { golden } from "./read-golden.ts";
import { readTensors, tensorOf } from "./read-tensors.ts";

/** A file or folder of test/models/fixtures. */
export const modelFixture = (name: string): string =>
  fileURLToPath(new URL(`../models/fixtures/${name}`, import.meta.url));

/** Each UNet at each of its sizes, as "name.HxW". */
export const unetCases = [
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
] as const;

export type UNetCase = (typeof unetCases)[number];

type Attention = GraphTarget["attention"];

export interface FixtureUNet {
  /** Levels with cross-attention, and the cells of each in this case's picture. */
  readonly levels: readonly number[];
  readonly cells: ReadonlyMap<number, number>;
  /** A tensor of the reference. */
  tensor(name: string): Tensor;
  /** Calls the network on the case's inputs, in one session for all cases of a network. */
  call(how?: Omit<DenoiserCall, "sample" | "text" | "timestep">): Promise<Outputs>;
}

const network = (of: UNetCase): string => of.split(".")[0] ?? "";

/** One case of one network. */
export function fixtureUNet(of: UNetCase, attention: Attention = "fused"): FixtureUNet {
  const tensors = readTensors(modelFixture("unets.safetensors"));
  const tensor = (name: string): Tensor => tensorOf(tensors, `${of}.${name}`);
  const { levels } = buildUNet(of, exact);
  const feeds = { sample: tensor("sample"), text: tensor("text"), timestep: 417 };
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

function sessionOf(of: UNetCase, attention: Attention): Promise<Network> {
  const key = `${network(of)} ${attention}`;
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const { graph } = buildUNet(of, { ...exact, attention });
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
export function buildUNet(
  of: UNetCase,
  target: GraphTarget,
): {
  readonly graph: GraphData;
  readonly weights: RootScope;
  readonly levels: readonly number[];
} {
  const folder = network(of) === "sd21" ? golden("models/sd21") : modelFixture(network(of));
  const config = readUNetConfig(folder, (path) => readFileSync(path, "utf8"));
  const weights = scopeOf(findWeights(folder, "unet", "fp32"));
  const levels = mapLevels(config).flatMap((has, level) => (has ? [level] : []));
  return { graph: unet(config, weights, target), weights, levels };
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
