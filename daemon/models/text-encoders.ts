// Which text encoders a model has, in the order in which the denoising network wants their outputs joined (method §7).
import type { ModelConfig } from "../config/model-config.ts";
import { type T5Config, t5Tokens } from "../config/t5-config.ts";
import type { GraphTarget } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { clipHiddenTextEncoder, clipProjectedTextEncoder, clipTextEncoder } from "./clip.ts";
import { t5TextEncoder } from "./t5.ts";

/** One encoder. Its graph has the output `text`, and where it projects, `pooled`. */
export interface TextEncoder {
  /** Its folder in the model's. */
  readonly component: "text_encoder" | "text_encoder_2" | "text_encoder_3";
  /** The folder of its tokenizer. */
  readonly tokenizer: "tokenizer" | "tokenizer_2" | "tokenizer_3";
  /** Tokens that a text is padded or cut to. */
  readonly positions: number;
  /** Whether its vectors make the tokens of the encoder before wider, or are tokens of their own after those. */
  readonly place: "beside" | "after";
  build(weights: WeightScope, target: GraphTarget): GraphData;
}

export function textEncoders(config: ModelConfig): readonly TextEncoder[] {
  const { positions } = config.text;
  const shared = { positions, place: "beside" } as const;
  const first = { component: "text_encoder", tokenizer: "tokenizer", ...shared } as const;
  const second = { component: "text_encoder_2", tokenizer: "tokenizer_2", ...shared } as const;
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
        ...(config.thirdText === null ? [] : [t5(config.thirdText)]),
      ];
    default:
      return config satisfies never;
  }
}

function t5(config: T5Config): TextEncoder {
  return {
    component: "text_encoder_3",
    tokenizer: "tokenizer_3",
    positions: t5Tokens,
    place: "after",
    build: (...place) => t5TextEncoder(config, ...place),
  };
}
