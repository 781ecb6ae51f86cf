// Every network of a model folder on the inputs of a golden: one function, so that tests can vary the weights' files.
import { readFileSync } from "node:fs";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { type ModelConfig, readModelConfig } from "../../daemon/config/model-config.ts";
import type { GraphTarget } from "../../daemon/graph/graph-builder.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { type TextEncoder, textEncoders } from "../../daemon/models/text-encoders.ts";
import { vaeDecoder, vaeEncoder } from "../../daemon/models/vae.ts";
import { type Component, findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { callNetwork, denoiserFeeds, type Outputs } from "./call-network.ts";
import { golden, readGolden } from "./read-golden.ts";
import { tensorOf } from "./read-tensors.ts";

export type GoldenModel = "sd15" | "sd21" | "sd35";

/** The networks whose answers are asked for, each with its output's name. */
export const parts = {
  text_encoder: "text",
  denoiser: "prediction",
  "vae encoder": "moments",
  "vae decoder": "image",
} as const;

export type PartName = keyof typeof parts;

export const exact: GraphTarget = { precision: "float32", attention: "fused" };

/** Configs of a golden model. */
export const goldenConfig = (model: GoldenModel): ModelConfig =>
  readModelConfig(golden(`models/${model}`), (path) => readFileSync(path, "utf8"));

/** What one network says with the weights below `folder` and the golden's config and inputs. */
export async function answerPart(
  folder: string,
  model: GoldenModel,
  part: PartName,
  target = exact,
): Promise<Tensor> {
  const inputs = readGolden(`parts-${model}.safetensors`);
  const input = (name: string): Tensor => tensorOf(inputs, name);
  const outputs = await call(folder, { part, target, config: goldenConfig(model) }, input);
  const output = outputs[parts[part]];
  if (output === undefined) throw new Error(`${part}: must answer`);
  return output;
}

function call(
  folder: string,
  what: { readonly part: PartName; readonly target: GraphTarget; readonly config: ModelConfig },
  input: (name: string) => Tensor,
): Promise<Outputs> {
  const { part, target, config } = what;
  const weightsOf = (component: Component) => scopeOf(findWeights(folder, component, "fp32"));
  switch (part) {
    case "text_encoder": {
      const [first] = textEncoders(config);
      const { shape, data } = input("text_encoder.ids");
      const ids = { shape, data: Int32Array.from(data) };
      return callNetwork((first as TextEncoder).build(weightsOf(part), target), { ids });
    }
    case "denoiser": {
      const { component, mapLevels, build } = denoiser(config);
      const added = config.family === "sd3" ? { added: { pooled: input("net.pooled") } } : {};
      const feeds = {
        sample: input("net.sample"),
        text: input("net.text"),
        timestep: 617,
        ...added,
      };
      return callNetwork(build(weightsOf(component), target), denoiserFeeds(feeds, mapLevels));
    }
    case "vae encoder":
      return callNetwork(vaeEncoder(config.vae, weightsOf("vae"), target), {
        image: input("vae64x64.image"),
      });
    case "vae decoder":
      return callNetwork(vaeDecoder(config.vae, weightsOf("vae"), target), {
        latent: input("vae64x64.latent"),
      });
    default:
      return part satisfies never;
  }
}
