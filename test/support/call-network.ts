// Opens a graph on the CPU, calls it and frees it again; and the feeds that a denoising network needs besides its sample.
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { mapInput } from "../../daemon/models/map-hooks.ts";
import { type Feed, openNetwork } from "../../daemon/runtime/open-network.ts";

export type Outputs = Readonly<Record<string, Tensor>>;

/** One call. */
export async function callNetwork(
  graph: GraphData,
  feeds: Readonly<Record<string, Feed>>,
): Promise<Outputs> {
  const [outputs] = await callRepeatedly(graph, [feeds]);
  if (outputs === undefined) throw new Error("network: must answer");
  return outputs;
}

/** One call for each of `feeds`, all to the same session. */
export async function callRepeatedly(
  graph: GraphData,
  feeds: readonly Readonly<Record<string, Feed>>[],
): Promise<readonly Outputs[]> {
  const network = await openNetwork(graph, {
    provider: "cpu",
    threads: 1,
    workspace: "release",
    preparation: "full",
  });
  try {
    const answers: Outputs[] = [];
    for (const each of feeds) answers.push(await network.run(each));
    return answers;
  } finally {
    await network.dispose();
  }
}

export interface DenoiserCall {
  readonly sample: Tensor;
  readonly text: Tensor;
  readonly timestep: number;
  /** The whole text in one vector (SDXL, Stable Diffusion 3), and the numbers about the picture's size (SDXL). */
  readonly added?: { readonly pooled?: Tensor; readonly time_ids?: Tensor };
  readonly collect?: boolean;
  /** Maps by level; levels without one get none. */
  readonly reuse?: { readonly weight: number; readonly maps: ReadonlyMap<number, Tensor> };
}

/** Feeds of a network that looks at the text at `levels`. */
export function denoiserFeeds(call: DenoiserCall, levels: readonly number[]): Record<string, Feed> {
  const [, tokens = 0] = call.text.shape;
  const none = { shape: [1, 1, tokens], data: new Float32Array(tokens) };
  const map = (level: number): Tensor => call.reuse?.maps.get(level) ?? none;
  return {
    sample: call.sample,
    text: call.text,
    timestep: { shape: [1], data: Float32Array.of(call.timestep) },
    collect: call.collect ?? false,
    map_weight: { shape: [], data: Float32Array.of(call.reuse?.weight ?? 0) },
    ...call.added,
    ...Object.fromEntries(levels.map((level) => [mapInput(level), map(level)])),
  };
}
