// Sizes of a network, read from the shapes of its tensors. Looks at no value.
import { badCheckpointTensor } from "../base/failure.ts";
import type { Weights } from "../weights/weight-scope.ts";

/** The tensors of one network by diffusers' keys. */
export interface StoredShapes {
  has(key: string): boolean;
  /** Length of an axis. Throws `badCheckpointTensor` where there is no such tensor or axis. */
  side(key: string, axis: number): number;
  rank(key: string): number;
  /** How many of `path`.0, `path`.1 and so on there are. */
  count(path: string): number;
}

export function storedShapes({ source, tensors }: Weights): StoredShapes {
  const keys = [...tensors.keys()];
  const paths = new Set(keys.flatMap(beginnings));
  const shapeOf = (key: string): readonly number[] => tensors.get(key)?.shape ?? [];
  return {
    has: (key) => tensors.has(key),
    side: (key, axis) => {
      const side = shapeOf(key)[axis];
      if (side !== undefined && side > 0 && side <= largestSide) return side;
      const rule = `must be there with 1 to ${largestSide} rows on axis ${axis}`;
      throw badCheckpointTensor(source, key, rule, `${side ?? "no such tensor"}`);
    },
    rank: (key) => shapeOf(key).length,
    count: (path) => {
      let count = 0;
      while (paths.has(`${path}.${count}`)) count += 1;
      return count;
    },
  };
}

/** Far above every model there is, vocabularies included. */
const largestSide = 2 ** 24;

/** "a.b.c" → "a", "a.b", "a.b.c". */
function beginnings(key: string): readonly string[] {
  const names = key.split(".");
  return names.map((_, index) => names.slice(0, index + 1).join("."));
}
