// A picture that is drawn on: other pictures, and lines of text.
import type { Picture } from "../image/picture.ts";
import type { Face } from "./bitmap-font.ts";

/** sRGB, 0..255. */
export type Colour = readonly [number, number, number];

/** White to begin with; what would lie beyond its sides is cut off. */
export interface Canvas extends Picture {
  place(picture: Picture, x: number, y: number): void;
  /** One line; `x` and `y` are its upper left corner. */
  write(
    text: string,
    x: number,
    y: number,
    style: { readonly face: Face; readonly ink: Colour },
  ): void;
}

export function openCanvas(width: number, height: number): Canvas {
  const rgb = new Uint8Array(width * height * 3).fill(255);
  /** Lays `ink` over one pixel, as much of it as `alpha` of 255 says. */
  const blend = (x: number, y: number, alpha: number, ink: Colour): void => {
    if (alpha === 0 || x < 0 || y < 0 || x >= width || y >= height) return;
    const at = (y * width + x) * 3;
    for (const [channel, value] of ink.entries()) {
      const below = rgb[at + channel] as number;
      rgb[at + channel] = Math.round(below + ((value - below) * alpha) / 255);
    }
  };
  return {
    width,
    height,
    rgb,
    place: (picture, left, top) => {
      const rows = Math.min(picture.height, height - top);
      const wide = Math.max(0, Math.min(picture.width, width - left)) * 3;
      for (let row = 0; row < rows; row += 1) {
        const from = row * picture.width * 3;
        rgb.set(picture.rgb.subarray(from, from + wide), ((top + row) * width + left) * 3);
      }
    },
    write: (text, left, top, { face, ink }) => {
      let pen = left;
      for (const glyph of face.glyphsOf(text)) {
        for (const [index, alpha] of glyph.alpha.entries()) {
          const x = pen + glyph.left + (index % glyph.width);
          blend(x, top + glyph.top + Math.floor(index / glyph.width), alpha, ink);
        }
        pen += glyph.advance;
      }
    },
  };
}
