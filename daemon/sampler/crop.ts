// Parts of pictures [n, c, h, w], and pictures with a border of zeros around them.
import type { Tensor } from "../base/tensor.ts";

/** Rows and columns of a picture. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The part of x inside the window; what lies outside x is left away. */
export function crop(x: Tensor, window: Window): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const bottom = Math.min(height, window.top + window.height);
  const right = Math.min(width, window.left + window.width);
  const shape = [n, c, bottom - window.top, right - window.left];
  const data = new Float32Array(n * c * (bottom - window.top) * (right - window.left));
  let at = 0;
  for (let plane = 0; plane < n * c; plane += 1)
    for (let y = window.top; y < bottom; y += 1) {
      const start = (plane * height + y) * width;
      data.set(x.data.subarray(start + window.left, start + right), at);
      at += right - window.left;
    }
  return { shape, data };
}

/** Widths of a border, in rows and columns. */
export interface Border {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** x in the middle of zeros. */
export function pad(x: Tensor, { top, left, bottom, right }: Border): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const shape = [n, c, top + height + bottom, left + width + right] as const;
  const data = new Float32Array(n * c * shape[2] * shape[3]);
  for (let line = 0; line < n * c * height; line += 1) {
    const row = Math.floor(line / height) * shape[2] + top + (line % height);
    data.set(x.data.subarray(line * width, (line + 1) * width), row * shape[3] + left);
  }
  return { shape, data };
}

/** The same border on all sides. */
export const borderOf = (cells: number): Border => ({
  top: cells,
  left: cells,
  bottom: cells,
  right: cells,
});
