// Torch's numbers for the sampler's pieces (see the README in test/sampler/fixtures).
import { fileURLToPath } from "node:url";
import type { Size } from "../../daemon/base/size.ts";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readTensors, tensorOf } from "./read-tensors.ts";

const tensors = readTensors(
  fileURLToPath(new URL("../sampler/fixtures/sampler.safetensors", import.meta.url)),
);

/** A tensor of the fixture. */
export const samplerFixture = (name: string): Tensor => tensorOf(tensors, name);

/** The sizes that the fixture has under `prefix`, e.g. "resize.nearest." */
export function fixtureSizes(prefix: string): readonly (readonly [string, Size])[] {
  const names = [...tensors.keys()].filter((name) => name.startsWith(prefix));
  return names.map((name) => {
    const text = name.slice(prefix.length);
    const [height = 0, width = 0] = text.split("x").map(Number);
    return [text, { height, width }] as const;
  });
}
