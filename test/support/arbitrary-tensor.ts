// Tensors for properties: any shape, values that float32 holds, and no -0, which toEqual tells from 0.
import fc from "fast-check";
import { sizeOf, type Tensor } from "../../daemon/base/tensor.ts";

const value = fc.float({ min: -100, max: 100, noNaN: true }).map((number) => number + 0);

/** A tensor of this shape. */
export const tensorOfShape = (shape: readonly number[]): fc.Arbitrary<Tensor> =>
  fc
    .array(value, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => ({ shape, data: Float32Array.from(values) }));

const side = fc.integer({ min: 1, max: 9 });
const few = fc.integer({ min: 1, max: 3 });

/** [n, c, h, w], each side 1 to 9. */
export const picture: fc.Arbitrary<Tensor> = fc.tuple(few, few, side, side).chain(tensorOfShape);
