// Providers that give wrong numbers are found out. Each is the CPU behind a stand-in that spoils some of its answers.
import { expect, it, vi } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { testProvider } from "../../daemon/runtime/test-provider.ts";

const isFused = (graph: GraphData): boolean =>
  graph.nodes.some(({ operator }) => operator === "MultiHeadAttention");
const isHalf = (graph: GraphData): boolean =>
  graph.nodes.some(({ attributes }) => attributes["to"]?.value === 10);

/** Which graphs come out wrong by the test, and by how much of their values. */
const lie = { about: (_: GraphData): boolean => false, share: 0 };

vi.mock("../../daemon/runtime/open-network.ts", async (importActual) => {
  const actual = await importActual<typeof import("../../daemon/runtime/open-network.ts")>();
  const spoil = ({ shape, data }: Tensor): Tensor => ({
    shape,
    data: data.map((value) => value * (1 + lie.share)),
  });
  const openNetwork: typeof actual.openNetwork = async (graph, options) => {
    const network = await actual.openNetwork(graph, { ...options, provider: "cpu" });
    // What is compared with stays right.
    if (options.preparation === "none" || !lie.about(graph)) return network;
    return {
      ...network,
      run: async (feeds) => {
        const outputs = Object.entries(await network.run(feeds));
        return Object.fromEntries(outputs.map(([name, tensor]) => [name, spoil(tensor)]));
      },
    };
  };
  return { ...actual, openNetwork };
});

async function check(
  about: typeof lie.about,
  share: number,
  [provider, precision]: Parameters<typeof testProvider>,
  expected: Partial<Awaited<ReturnType<typeof testProvider>>>,
): Promise<void> {
  Object.assign(lie, { about, share });
  expect(await testProvider(provider, precision)).toMatchObject(expected);
}

const trusted = { usable: true, fusedAttention: true };
const writtenOut = { usable: true, fusedAttention: false };
const wrongHalf = { usable: false, note: "its float16 numbers differ from the CPU's" };
const wrong = { usable: false, note: "its float32 numbers differ from the CPU's" };

it("one that is right is trusted", () => check(() => false, 0, ["webgpu", "float16"], trusted));

it("wrong float16 is found where float16 will be used", () =>
  check(isHalf, 0.03, ["webgpu", "float16"], wrongHalf));

it("wrong float16 is nothing to a run in float32", () =>
  check(isHalf, 0.03, ["webgpu", "float32"], trusted));

it("wrong float32 is found, in a float16 run too", () =>
  check((graph) => !isHalf(graph), 0.01, ["webgpu", "float16"], wrong));

it.each(["webgpu", "cpu"] as const)("wrong fused attention of %s is found, and written out", (on) =>
  check(isFused, 0.01, [on, "float32"], writtenOut),
);

it("fused attention that is wrong in float16 alone is found", () =>
  check((graph) => isFused(graph) && isHalf(graph), 0.03, ["webgpu", "float16"], writtenOut));
