// How the VAE cuts a side into overlapping tiles, for counting only.
// Reference: diffusers autoencoder_kl.py, tiled_encode and tiled_decode (overlap a quarter).

/** Lengths of the tiles along a side, and how many there are of each. All in the same unit. */
export function tileLengths(side: number, tile: number): ReadonlyMap<number, number> {
  const stride = Math.max(1, Math.trunc(tile * 0.75));
  const lengths = new Map<number, number>();
  for (let start = 0; start < side; start += stride) {
    const length = Math.min(tile, side - start);
    lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  return lengths;
}
