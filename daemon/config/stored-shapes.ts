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
  const counted = new Set([...tensors.keys()].flatMap(countedBeginnings));
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
      while (counted.has(`${path}.${count}`)) count += 1;
      return count;
    },
  };
}

/** Far above every model there is, vocabularies included. */
const largestSide = 2 ** 24;

/** "a.0.b.1.c" → "a.0", "a.0.b.1". */
function countedBeginnings(key: string): readonly string[] {
  return [...key.matchAll(/\.\d+(?=\.|$)/g)].map(({ 0: number, index }) =>
    key.slice(0, index + number.length),
  );
}
