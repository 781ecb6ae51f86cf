// A picture as bytes, on its way to a file or from one.

/** 8-bit sRGB without alpha, row by row from the top: `rgb` has width × height × 3 bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}
