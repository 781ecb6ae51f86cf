// How strongly a LoRA of peft's acts: by the settings in its file, for all layers, for one network, for single layers.
import { describe, expect, it } from "vitest";
import { loraScales } from "../../daemon/weights/lora-scales.ts";

const at = { alpha: undefined, rank: 4, component: "unet", path: "down_blocks.0.to_q" };

function check(
  settings: Readonly<Record<string, unknown>> | undefined,
  expected: number,
  where: Partial<typeof at> = {},
): void {
  const metadata = new Map(
    settings === undefined ? [] : [["lora_adapter_metadata", JSON.stringify(settings)]],
  );
  const scaleOf = loraScales({ path: "a.safetensors", tensors: new Map(), metadata }, []);
  expect(scaleOf({ ...at, ...where })).toBe(expected);
}

describe("the scale of a layer", () => {
  it("is 1 where the file says nothing", () => check(undefined, 1));

  it("is alpha by rank", () => check({ lora_alpha: 2 }, 0.5));

  it("goes by the network's own settings before the common ones", () =>
    check({ lora_alpha: 2, "unet.lora_alpha": 8, "text_encoder.lora_alpha": 1 }, 2));

  it("goes by the root of the rank where it is stabilised", () =>
    check({ lora_alpha: 8, use_rslora: true }, 4));
});

describe("a pattern of alphas", () => {
  const settings = { lora_alpha: 8, alpha_pattern: { "down_blocks.0.to_q": 2 } };

  it("changes the layers that it names", () => check(settings, 0.5));

  it("changes no other layer", () => {
    check(settings, 2, { path: "down_blocks.1.to_q" });
    check({ lora_alpha: 8, alpha_pattern: { to_q: 2 } }, 2, { path: "down_blocks.0.add_to_q" });
  });

  it("names a layer by its end, or with levels that the network leaves out", () => {
    check({ lora_alpha: 8, alpha_pattern: { to_q: 2 } }, 0.5);
    const path = "encoder.layers.0.to_q";
    check({ lora_alpha: 8, alpha_pattern: { [`text_model.${path}`]: 2 } }, 0.5, { path });
  });
});
