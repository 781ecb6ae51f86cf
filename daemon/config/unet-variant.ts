// A UNet that keeps its weights and computes with them in another way, as plain data: what ScaleCrafter changes of a network
// (He et al., ICLR 2024, arXiv:2310.07702), and FreeU (Si et al., CVPR 2024, arXiv:2309.11497).

/** Another way to apply one convolution. */
export interface ConvolutionChange {
  /** How many times further apart the kernel's cells look; need not be whole. 1 changes nothing. */
  readonly factor: number;
  /** Whether the 3 by 3 kernel is spread over 5 by 5 cells first (convolution dispersion). */
  readonly disperses: boolean;
}

/** Of the widest features on the way up, and of those next to them: what they and their skips are multiplied with. */
export interface FreeU {
  /** First half of the channels that come from below. */
  readonly b1: number;
  readonly b2: number;
  /** Lowest frequencies of the skip. */
  readonly s1: number;
  readonly s2: number;
}

export interface UNetVariant {
  /** By the convolution's path in the checkpoint, such as "mid_block.resnets.0.conv1". */
  readonly convolutions: Readonly<Record<string, ConvolutionChange>>;
  readonly freeU: FreeU | null;
}
