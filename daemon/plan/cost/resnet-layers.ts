// A residual block of two convolutions, as UNet and VAE share it.
// Reference: diffusers src/diffusers/models/resnet.py, ResnetBlock2D.
import type { Layer } from "./layer.ts";

export interface ResnetShape {
  readonly level: number;
  readonly in: number;
  readonly out: number;
  /** Width of the time embedding, or null where there is none (VAE). */
  readonly time: number | null;
  /** Where it stands in the checkpoint, where a method may change its convolutions. */
  readonly path?: string;
}

export function resnetLayers(shape: ResnetShape): readonly Layer[] {
  const { level, out, time, path } = shape;
  const named = (name: string) => (path === undefined ? {} : { path: `${path}.${name}` });
  const layers: Layer[] = [
    { kind: "norm", channels: shape.in },
    { kind: "convolution", level, in: shape.in, out, kernel: 3, ...named("conv1") },
    { kind: "norm", channels: out },
    { kind: "convolution", level, in: out, out, kernel: 3, ...named("conv2") },
  ];
  if (time !== null) layers.push({ kind: "linear", rows: "once", in: time, out, bias: "with" });
  if (shape.in !== out) layers.push({ kind: "convolution", level, in: shape.in, out, kernel: 1 });
  return layers;
}
