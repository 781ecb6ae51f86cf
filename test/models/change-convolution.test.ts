// Re-dilated and dispersed convolutions against the published code's numbers.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { GraphBuilder, type Value } from "../../daemon/graph/graph-builder.ts";
import { encodeModel } from "../../daemon/graph/onnx.ts";
import { changedApplications } from "../../daemon/models/change-convolution.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { dispersion } from "../../daemon/models/disperse-kernel.ts";
import { conv2d, type Layer } from "../../daemon/models/layer.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { readHeader } from "../../daemon/weights/read-header.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "../support/answer-parts.ts";
import { callNetwork } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import { golden, readGolden, readGoldenJson } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

const name = "compare/scalecrafter-parts";
const parts = readGolden(`${name}.safetensors`);
const { path, ...header } = readHeader(golden(`${name}.safetensors`));
const weights = scopeOf({ source: path, tensors: header.tensors });

type Changes = Parameters<typeof changedApplications>[1];
type Build = (layer: Layer, x: Value) => Value;

/** What a convolution of the file answers to its input. */
async function answer(conv: string, changes: Changes, build: Build) {
  const g = new GraphBuilder(exact);
  const x = g.floatInput("x", [1, 3, "height", "width"]);
  g.floatOutput("y", build({ g, weights, changes: changedApplications(g, changes) }, x), null);
  const { y } = await callNetwork(g.finish("test"), { x: tensorOf(parts, `${conv}.input`) });
  return y;
}

const cases = readGoldenJson<
  readonly { readonly kernel: number; readonly stride: number; readonly dilate: number }[]
>(`${name}.json`);

test.each(cases.map((each, index) => ({ ...each, conv: `conv${index}` })))(
  "a kernel of $kernel at stride $stride looks $dilate times further apart as the published $conv does",
  async ({ conv, kernel, stride, dilate }) => {
    const changes = { [conv]: { factor: dilate, disperses: false } };
    const y = await answer(conv, changes, (layer, x) =>
      conv2d(layer, conv, x, { in: 3, out: 4, kernel, stride }),
    );
    const expected = tensorOf(parts, `${conv}.output`);
    expect(y?.shape).toEqual(expected.shape);
    expect(difference(y, expected)).toBeLessThan(1e-5);
  },
);

test("the matrix of dispersion is the published one", () => {
  const expected = tensorOf(parts, "disperse_transform");
  const data = Float32Array.from(dispersion().flat());
  expect(difference({ shape: expected.shape, data }, expected)).toBeLessThan(1e-6);
});

test("a network that changes nothing is the plain one, byte for byte", () => {
  const folder = golden("models/sdxl");
  const config = readModelConfig(folder, (file) => readFileSync(file, "utf8"));
  const scope = scopeOf(findWeights(folder, "unet", "fp32"));
  const { build } = denoiser(config);
  const plain = Buffer.from(encodeModel(build(scope, exact)));
  const same = encodeModel(build(scope, exact, { convolutions: {}, freeU: null }));
  expect(plain.equals(same)).toBe(true);
  const freeU = { b1: 1.1, b2: 1.2, s1: 0.6, s2: 0.4 };
  const other = encodeModel(build(scope, exact, { convolutions: {}, freeU }));
  expect(plain.equals(other)).toBe(false);
});
