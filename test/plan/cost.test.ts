// Operations and parameters against what PyTorch counts on the same networks: torch 2.13's FlopCounterMode over
// diffusers 0.42.1 and transformers 5.23 models without weights (meta device), attention written out.
import { expect, test } from "vitest";
import { countFlops, countMapFlops } from "../../daemon/plan/cost/count-flops.ts";
import { countParameters } from "../../daemon/plan/cost/count-parameters.ts";
import type { Layer } from "../../daemon/plan/cost/layer.ts";
import { networkLayers } from "../../daemon/plan/cost/network-layers.ts";
import { tileLengths } from "../../daemon/plan/cost/tiles.ts";
import { sd3, sd3t5, sd15, sd21, sd35, sdxl, tiny, vista } from "./plan-inputs.ts";

const networks = {
  sd15: networkLayers(sd15),
  sd21: networkLayers(sd21),
  sdxl: networkLayers(sdxl),
  sd3: networkLayers(sd3),
  sd3t5: networkLayers(sd3t5),
  sd35: networkLayers(sd35),
  vista: networkLayers(vista),
  tiny15: networkLayers(tiny("sd15")),
  tiny21: networkLayers(tiny("sd21")),
};

function check(
  layers: readonly Layer[],
  [batch, width, height]: readonly [number, number, number],
  flops: number,
  tokens = 77,
): void {
  const counted = countFlops(layers, { batch, width, height, tokens });
  expect(Math.abs(counted / flops - 1)).toBeLessThan(0.005);
}

// [model, [batch, width, height in latent cells], operations of one call]
test.each([
  ["sd21", [2, 64, 64], 1608514928640],
  ["sd21", [2, 96, 64], 2592522567680],
  ["sd21", [1, 128, 128], 4674990243840],
  ["sd21", [4, 30, 17], 401754286080],
  ["sd15", [2, 64, 64], 1606546882560],
  ["sd15", [2, 96, 64], 2590554521600],
  ["sd15", [1, 128, 128], 4674006220800],
  ["sd15", [4, 30, 17], 397818193920],
  ["sdxl", [1, 128, 128], 6761236398080],
  ["sdxl", [2, 192, 128], 21358607073280],
  ["sdxl", [1, 256, 256], 35906783805440],
  ["sdxl", [4, 30, 17], 1097675939840],
  ["vista", [2, 64, 64], 57730269184],
  ["vista", [2, 96, 64], 108375375872],
  ["vista", [4, 30, 18], 8940310528],
  ["tiny15", [2, 64, 64], 8161012736],
  ["tiny15", [4, 30, 18], 617819136],
  ["tiny21", [2, 64, 64], 8963896320],
  ["tiny21", [4, 30, 18], 712989696],
] as const)(
  "one call of the UNet of %s over %j costs what PyTorch counts",
  (model, grid, flops) => {
    check(networks[model].denoiser, grid, flops);
  },
);

// The same with diffusers 0.39.0, and 154 tokens of text.
test.each([
  ["sd3", [1, 128, 128], 8437355053056],
  ["sd3", [2, 192, 128], 28813377011712],
  ["sd3", [1, 256, 256], 62807614488576],
  ["sd3", [4, 30, 18], 1607481753600],
  ["sd35", [1, 128, 128], 10782591221760],
  ["sd35", [2, 192, 128], 37858946187264],
  ["sd35", [1, 256, 256], 88268364644352],
  ["sd35", [4, 30, 18], 1746538586112],
] as const)(
  "one call of the MMDiT of %s over %j costs what PyTorch counts",
  (model, grid, flops) => {
    check(networks[model].denoiser, grid, flops, 154);
  },
);

// With T5's 256 tokens beside CLIP's 77; transformers 4.57.6.
test("T5-XXL, and an MMDiT that reads it, cost what PyTorch counts", () => {
  check(networks.sd3t5.t5, [2, 0, 0], 4793183502336, 256);
  check(networks.sd3t5.denoiser, [1, 128, 128], 8904337539072, 77 + 256);
  expect(countParameters(networks.sd3t5.t5)).toBe(4762310656);
  expect(networks.sd3.t5).toEqual([]);
});

// [model, [batch, width, height in pixels], encode, decode]
test.each([
  ["sd21", [1, 512, 512], 1116658466816, 2514518933504],
  ["sd21", [2, 768, 512], 3401515008000, 7595096408064],
  ["vista", [1, 512, 512], 27325890560, 76355207168],
  ["vista", [2, 768, 512], 91641348096, 238729297920],
  ["tiny21", [1, 512, 512], 2304245760, 3934912512],
] as const)("the VAE of %s over %j costs what PyTorch counts", (model, grid, encode, decode) => {
  check(networks[model].vaeEncoder, grid, encode);
  check(networks[model].vaeDecoder, grid, decode);
});

test.each([
  ["sd15", 26597007360],
  ["sd21", 90254467072],
  // 11 of the first encoder's 12 layers, and all of the second.
  ["sdxl", 24380590080 + 195726213120],
  ["vista", 172874240],
] as const)("two texts through the encoder of %s cost what PyTorch counts", (model, flops) => {
  check(networks[model].text, [2, 0, 0], flops);
});

// [model, text encoder, UNet, VAE]
test.each([
  ["sd15", 123060480, 859520964, 83653863],
  ["sd21", 340387840, 865910724, 83653863],
  // The first encoder without its last layer and final norm.
  ["sdxl", 115972608 - 2 * 768 + 694659840, 2567463684, 83653863],
  ["vista", 655840, 8851216, 2222539],
] as const)("%s has the parameters that PyTorch counts", (model, text, unet, vae) => {
  const layers = networks[model];
  const halves = countParameters(layers.vaeEncoder) + countParameters(layers.vaeDecoder);
  expect([countParameters(layers.text), countParameters(layers.denoiser), halves]).toEqual([
    text,
    unet,
    vae,
  ]);
});

// With the table of positions, which is no parameter to PyTorch, but is stored with them.
test.each([
  ["sd3", 818310144, 2028328000 + 192 ** 2 * 1536],
  ["sd35", 818310144, 2243171520 + 384 ** 2 * 1536],
] as const)("%s has the parameters that PyTorch counts, and its table", (model, text, denoiser) => {
  const layers = networks[model];
  expect([countParameters(layers.text), countParameters(layers.denoiser)]).toEqual([
    text,
    denoiser,
  ]);
});

test("a map that comes on top costs the same in every joint attention", () => {
  const grid = { width: 16, height: 16, tokens: 154, batch: 2 };
  expect(countMapFlops(networks.sd35.denoiser, grid)).toBe(2 * 2 * 154 * 24 * 64 * 1536);
});

test("a reused map costs pixels · tokens · channels multiply-adds in every cross-attention layer", () => {
  const grid = { width: 16, height: 16, tokens: 77, batch: 2 };
  // Two levels with 1 layer going down and 2 going up each, and the middle: 64 and 128 wide, then 192.
  const perItem = 3 * (256 * 64) + 3 * (64 * 128) + 16 * 192;
  expect(countMapFlops(networks.vista.denoiser, grid)).toBe(2 * 2 * 77 * perItem);
});

test.each([
  [
    { side: 192, tile: 64 },
    { 64: 3, 48: 1 },
  ],
  [
    { side: 128, tile: 64 },
    { 64: 2, 32: 1 },
  ],
  [
    { side: 64, tile: 64 },
    { 64: 1, 16: 1 },
  ],
  [
    { side: 24, tile: 8 },
    { 8: 3, 6: 1 },
  ],
])("tiles of %j have these lengths", ({ side, tile }, expected) => {
  expect(Object.fromEntries(tileLengths(side, tile))).toEqual(expected);
});
