// The split into a low and a high band that frequency-aware guidance works on (method §5, paper §3.3, facfg_wrapper.py).
import { resizeBilinear } from "./resize.ts";
import type { Size } from "./size.ts";
import type { Tensor } from "./tensor.ts";

/** What survives in `size`, at the size of x [n, c, h, w]. The high band is x less this. */
export function lowBand(x: Tensor, size: Size): Tensor {
  const [, , height = 0, width = 0] = x.shape;
  return resizeBilinear(resizeBilinear(x, size), { width, height });
}
