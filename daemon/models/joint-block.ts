// One block of the MMDiT: picture and text are two streams of tokens with weights of their own that attend to each
// other in one attention, which has the method's map hooks (method §6).
// Reference: diffusers src/diffusers/models/attention.py JointTransformerBlock, attention_processor.py JointAttnProcessor2_0.
import type { MmditBlock, MmditConfig } from "../config/mmdit-config.ts";
import type { Value } from "../graph/graph-builder.ts";
import { add, concat, gelu, mul, reshape, shape, splitAt } from "../graph/operators.ts";
import {
  type Adaption,
  continuousNorm,
  evened,
  type Modulation,
  modulate,
  modulations,
} from "./adaptive-norm.ts";
import { type Attended, attention } from "./attention.ts";
import { at, type Layer, linear, rmsNorm } from "./layer.ts";
import type { MapHooks } from "./map-hooks.ts";

/** Tokens of the picture [n, p, c] and of the text [n, t, c]. */
export interface Streams {
  readonly image: Value;
  readonly text: Value;
}

/** What all blocks share: the timestep with the text's vector [n, 1, c], and the ports of the maps. */
export interface JointCondition {
  readonly embedding: Value;
  readonly hooks: MapHooks;
}

export interface JointShape extends Pick<MmditConfig, "heads" | "queryKeyNorm">, MmditBlock {
  readonly channels: number;
  /** The last block only reads the text, for nobody reads it after that. */
  readonly text: "updated" | "read";
}

export function jointBlock(
  layer: Layer,
  streams: Streams,
  condition: JointCondition,
  size: JointShape,
): Streams {
  const { g } = layer;
  const adaption = { embedding: condition.embedding, channels: size.channels };
  const [first, feed, own] = modulations(
    layer,
    "norm1",
    adaption,
    size.attention === "dual" ? 3 : 2,
  ) as [Modulation, Modulation, Modulation | undefined];
  const even = evened(g, streams.image, size.channels);
  const text = textBranches(layer, streams.text, adaption, size);
  const normed = { image: modulate(g, even, first), text: text.normed };
  const attended = jointAttention(layer, normed, condition.hooks, size);
  const joint = gated(layer, streams.image, first, attended.image);
  const image =
    own === undefined
      ? joint
      : gated(layer, joint, own, pictureAttention(layer, modulate(g, even, own), size));
  return {
    image: feedForward(layer, "ff", image, feed, size),
    text: text.finish(attended.text),
  };
}

/** The text before its part of the attention, and what becomes of it afterwards. */
interface TextBranches {
  readonly normed: Value;
  finish(attended: Value): Value;
}

function textBranches(
  layer: Layer,
  text: Value,
  adaption: Adaption,
  size: JointShape,
): TextBranches {
  if (size.text === "read")
    return {
      normed: continuousNorm(layer, "norm1_context", text, adaption),
      finish: () => text,
    };
  const [first, feed] = modulations(layer, "norm1_context", adaption, 2) as [
    Modulation,
    Modulation,
  ];
  return {
    normed: modulate(layer.g, evened(layer.g, text, size.channels), first),
    finish: (attended) =>
      feedForward(layer, "ff_context", gated(layer, text, first, attended), feed, size),
  };
}

/** One attention over the picture's tokens and then the text's; maps are the picture's looks at the text. */
function jointAttention(
  layer: Layer,
  { image, text }: Streams,
  hooks: MapHooks,
  size: JointShape,
): Streams {
  return at(layer, "attn", (inner) => {
    const { g } = inner;
    const ofImage = project(inner, image, size, imageNames);
    const ofText = project(inner, text, size, textNames);
    const both = (part: keyof Attended): Value => concat(g, [ofImage[part], ofText[part]], 1);
    const all = { query: both("query"), key: both("key"), value: both("value") };
    const length = (x: Value): Value => shape(g, x, { start: 1, end: 2 });
    const sizes = concat(g, [length(image), length(text)], 0);
    const mixed = splitAt(g, attention(g, all, size), { axis: 1, sizes }); // [n, p, c], [n, t, c]
    hooks.collect({ query: ofImage.query, key: ofText.key }, size);
    const width = { in: size.channels, out: size.channels };
    return {
      image: linear(inner, "to_out.0", hooks.reuseOnTop(mixed[0], ofText.value), width),
      text: size.text === "read" ? mixed[1] : linear(inner, "to_add_out", mixed[1], width),
    };
  });
}

/** The picture's tokens among themselves: [n, p, c]. */
function pictureAttention(layer: Layer, image: Value, size: JointShape): Value {
  return at(layer, "attn2", (inner) => {
    const attended = attention(inner.g, project(inner, image, size, imageNames), size);
    return linear(inner, "to_out.0", attended, { in: size.channels, out: size.channels });
  });
}

interface ProjectionNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly queryNorm: string;
  readonly keyNorm: string;
}

const imageNames: ProjectionNames = {
  query: "to_q",
  key: "to_k",
  value: "to_v",
  queryNorm: "norm_q",
  keyNorm: "norm_k",
};
const textNames: ProjectionNames = {
  query: "add_q_proj",
  key: "add_k_proj",
  value: "add_v_proj",
  queryNorm: "norm_added_q",
  keyNorm: "norm_added_k",
};

function project(layer: Layer, x: Value, size: JointShape, names: ProjectionNames): Attended {
  const width = { in: size.channels, out: size.channels };
  return {
    query: headNorm(layer, names.queryNorm, linear(layer, names.query, x, width), size),
    key: headNorm(layer, names.keyNorm, linear(layer, names.key, x, width), size),
    value: linear(layer, names.value, x, width),
  };
}

/** Each head by itself: [n, s, c] → [n, s, c]. */
function headNorm(layer: Layer, path: string, x: Value, size: JointShape): Value {
  if (size.queryKeyNorm === "none") return x;
  const width = size.channels / size.heads;
  const heads = reshape(layer.g, x, [0, 0, size.heads, width]); // [n, s, heads, d]
  return reshape(layer.g, rmsNorm(layer, path, heads, { width, epsilon: 1e-6 }), [0, 0, -1]);
}

/** Norm, two linear layers with Gelu between, gate: [n, s, c] → [n, s, c]. */
function feedForward(
  layer: Layer,
  path: "ff" | "ff_context",
  x: Value,
  modulation: Modulation,
  { channels }: JointShape,
): Value {
  const normed = modulate(layer.g, evened(layer.g, x, channels), modulation);
  const [narrow, wide] = [channels, 4 * channels];
  const fed = at(layer, `${path}.net`, (inner) => {
    const hidden = linear(inner, "0.proj", normed, { in: narrow, out: wide });
    return linear(inner, "2", gelu(inner.g, hidden, { approximate: "tanh" }), {
      in: wide,
      out: narrow,
    });
  });
  return gated(layer, x, modulation, fed);
}

function gated({ g }: Layer, x: Value, { gate }: Modulation, branch: Value): Value {
  return add(g, x, mul(g, branch, gate));
}
