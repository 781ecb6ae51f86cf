// The self-test has every operator of the networks, and each of them changes its answer.
import { expect, it } from "vitest";
import { readText } from "../../daemon/base/read-text.ts";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { readT5Config } from "../../daemon/config/t5-config.ts";
import type { GraphTarget } from "../../daemon/graph/graph-builder.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { t5TextEncoder } from "../../daemon/models/t5.ts";
import { textEncoders } from "../../daemon/models/text-encoders.ts";
import { vaeDecoder, vaeEncoder } from "../../daemon/models/vae.ts";
import { selfTestFeeds, selfTestGraph } from "../../daemon/runtime/self-test-graph.ts";
import { type Component, findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { callNetwork } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { golden } from "../support/read-golden.ts";

/** With those of the branches. */
function operators({ nodes }: GraphData): readonly string[] {
  return nodes.flatMap(({ operator, domain, attributes }) => [
    `${domain}/${operator}`,
    ...Object.values(attributes).flatMap((each) =>
      each.kind === "graph" ? operators(each.value) : [],
    ),
  ]);
}

function networksOf(model: string, target: GraphTarget): readonly GraphData[] {
  const folder = golden(`models/${model}`);
  const config = readModelConfig(folder, readText);
  const weights = (component: Component) => scopeOf(findWeights(folder, component, "fp32"));
  const network = denoiser(config);
  return [
    ...textEncoders(config).map(({ component, build }) => build(weights(component), target)),
    network.build(weights(network.component), target),
    vaeEncoder(config.vae, weights("vae"), target),
    vaeDecoder(config.vae, weights("vae"), target),
  ];
}

it.each(
  (["fused", "decomposed"] as const).flatMap((attention) =>
    (["float32", "float16"] as const).map((precision) => ({
      attention,
      precision,
      scoresAtOnce: 100,
    })),
  ),
)("no network has an operator that the self-test has not: %j", (target) => {
  const tested = new Set(operators(selfTestGraph(target)));
  const t5 = scopeOf(findWeights(modelFixture("t5"), "text_encoder_3", "fp32"));
  const used = [
    ...["sd15", "sd21", "sdxl", "sd3", "sd35"].flatMap((model) => networksOf(model, target)),
    t5TextEncoder(readT5Config(modelFixture("t5"), readText), t5, target),
  ];
  const missing = used.flatMap(operators).filter((operator) => !tested.has(operator));
  expect([...new Set(missing)]).toEqual([]);
});

it.each([
  ...["Sin", "Cos", "Gelu", "QuickGelu", "Softmax", "Pow", "Sqrt"],
  ...["LayerNormalization", "InstanceNormalization"],
])("a provider that does nothing where %s stands is far off", async (operator) => {
  const graph = selfTestGraph({ precision: "float32", attention: "decomposed" });
  const nodes = graph.nodes.map((node) =>
    node.operator === operator
      ? {
          ...node,
          operator: "Identity",
          domain: "",
          inputs: node.inputs.slice(0, 1),
          attributes: {},
        }
      : node,
  );
  expect(nodes).not.toEqual(graph.nodes);
  const expected = await callNetwork(graph, selfTestFeeds);
  const actual = await callNetwork({ ...graph, nodes }, selfTestFeeds);
  const each = Object.entries(expected).map(([name, tensor]) => difference(actual[name], tensor));
  expect(Math.max(...each)).toBeGreaterThan(0.04);
});
