// Sizes of pictures and latents. People say width x height; tensors are [.., height, width].

/** Pixels, or latent cells where the name says so. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** "1024×512", or with "x" where the text is read back. */
export function showSize(size: Size, times = "×"): string {
  return `${size.width}${times}${size.height}`;
}
