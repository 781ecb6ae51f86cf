// Which text encoders a model has, in the order in which the denoising network wants their outputs joined (method §7).
import type { ModelConfig } from "../config/model-config.ts";
import type { GraphTarget } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { clipHiddenTextEncoder, clipProjectedTextEncoder, clipTextEncoder } from "./clip.ts";

/** One encoder. Its graph has the output `text`, and where it projects, `pooled`. */
export interface TextEncoder {
  /** Its folder in the model's. */
  readonly component: "text_encoder" | "text_encoder_2";
  /** The folder of its tokenizer. */
  readonly tokenizer: "tokenizer" | "tokenizer_2";
  build(weights: WeightScope, target: GraphTarget): GraphData;
}

export function textEncoders(config: ModelConfig): readonly TextEncoder[] {
  const first = { component: "text_encoder", tokenizer: "tokenizer" } as const;
  const second = { component: "text_encoder_2", tokenizer: "tokenizer_2" } as const;
  switch (config.family) {
    case "sd":
      return [{ ...first, build: (...place) => clipTextEncoder(config.text, ...place) }];
    case "sdxl":
      return [
        { ...first, build: (...place) => clipHiddenTextEncoder(config.text, ...place) },
        {
          ...second,
          build: (...place) => clipProjectedTextEncoder(config.projectedText, ...place),
        },
      ];
    case "sd3":
      return [
        { ...first, build: (...place) => clipProjectedTextEncoder(config.text, ...place) },
        {
          ...second,
          build: (...place) => clipProjectedTextEncoder(config.projectedText, ...place),
        },
      ];
    default:
      return config satisfies never;
  }
}
