// The normal random numbers of torch's CPU generator, so that a seed paints the published picture (method §8).
// Reference: ATen/native/cpu/DistributionTemplates.h, normal_fill, and ATen/core/DistributionsHelper.h.
import { sizeOf, type Tensor } from "../base/tensor.ts";
import { MersenneTwister, seededBy, type TwisterState } from "./mersenne-twister.ts";

/** Values drawn at a time by the vectorised path. */
const block = 16;

/** Where a generator stands: MT19937's words, and a value drawn ahead. */
export interface RandomState extends TwisterState {
  /** Second value of the last pair that the path for small tensors drew. */
  readonly spare: number | null;
}

/** torch.Generator("cpu") after manual_seed(seed); seed is 0..2³²−1. Each call to `normal` moves it on. */
export class TorchRandom {
  readonly #bits: MersenneTwister;
  #spare: number | undefined;

  /** `start` is a seed, or where another generator stood. */
  constructor(start: number | RandomState) {
    const isSeed = typeof start === "number";
    this.#bits = new MersenneTwister(isSeed ? seededBy(start) : start);
    this.#spare = isSeed ? undefined : (start.spare ?? undefined);
  }

  /** A copy, which later draws leave as it is. */
  state(): RandomState {
    return { ...this.#bits.state(), spare: this.#spare ?? null };
  }

  /** torch.randn(shape), float32. Agrees with torch to 3e-7. */
  normal(shape: readonly number[]): Tensor {
    const data = new Float32Array(sizeOf(shape));
    if (data.length >= block) this.#fillBlocks(data);
    else for (let index = 0; index < data.length; index += 1) data[index] = this.#single();
    return { shape, data };
  }

  /**
   * torch.randn_like of a batch that a VAE encoded: from two images on, the reference's latent lies in memory with
   * its channels last, and torch then draws value by value in that order.
   */
  normalLike(shape: readonly number[]): Tensor {
    const [n = 0, c = 0, h = 0, w = 0] = shape;
    if (n < 2) return this.normal(shape);
    const data = new Float32Array(sizeOf(shape));
    const cells = h * w;
    for (let item = 0; item < n; item += 1)
      for (let cell = 0; cell < cells; cell += 1)
        for (let channel = 0; channel < c; channel += 1)
          data[(item * c + channel) * cells + cell] = this.#single();
    return { shape, data };
  }

  /** Uniforms in place, then each block of 16 by Box and Muller; a last partial block is drawn again whole. */
  #fillBlocks(data: Float32Array): void {
    for (let index = 0; index < data.length; index += 1) data[index] = this.#uniform24();
    const whole = data.length - (data.length % block);
    for (let start = 0; start < whole; start += block)
      toNormal(data.subarray(start, start + block));
    if (whole === data.length) return;
    const last = data.subarray(data.length - block);
    for (let index = 0; index < block; index += 1) last[index] = this.#uniform24();
    toNormal(last);
  }

  #single(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const angle = 2 * Math.PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  #uniform24(): number {
    return (this.#bits.draw() & 0xffffff) / 2 ** 24;
  }

  #uniform53(): number {
    const high = this.#bits.draw() & 0x1fffff;
    return (high * 2 ** 32 + this.#bits.draw()) / 2 ** 53;
  }
}

/** 16 uniforms to 16 normals: the first eight give the radii, the last eight the angles. */
function toNormal(values: Float32Array): void {
  for (let index = 0; index < block / 2; index += 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - (values[index] as number)));
    const angle = 2 * Math.PI * (values[index + block / 2] as number);
    values[index] = radius * Math.cos(angle);
    values[index + block / 2] = radius * Math.sin(angle);
  }
}
