// The brightness of a picture: what its spectrum is taken of.

/** Values row by row from the top, width × height of them. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/** 8-bit values row by row; 3 a pixel, or 4 as a canvas gives them, whose alpha is not looked at. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly values: Uint8Array | Uint8ClampedArray;
}

/** Rec. ITU-R BT.709's luma Y′ of the values as they are stored, 0..1. */
export function lumaOf({ width, height, channels, values }: Pixels): Luma {
  const luma = Float64Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * channels;
    const [red, green, blue] = [values[at], values[at + 1], values[at + 2]] as [
      number,
      number,
      number,
    ];
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  });
  return { width, height, values: luma };
}
