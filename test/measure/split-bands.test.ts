// The split into bands, as guidance makes it.
import { describe, expect, it } from "vitest";
import { splitBands } from "../../daemon/measure/split-bands.ts";

const width = 8;
const height = 4;
/** Stripes of one pixel, all colours alike. */
const stripes = Uint8Array.from({ length: width * height * 3 }, (_, at) =>
  Math.floor(at / 3) % 2 === 0 ? 100 : 140,
);

function check(size: { readonly width: number; readonly height: number }, expected: object): void {
  const { low, high } = splitBands({ width, height, channels: 3, values: stripes }, size);
  expect({ low: [...low.slice(16, 24)], high: [...high.slice(16, 24)] }).toEqual(expected);
}

describe("of stripes of one pixel", () => {
  it("half the size keeps the mean only, and the high band is around the middle grey", () => {
    check(
      { width: 4, height: 2 },
      {
        low: [120, 120, 120, 255, 120, 120, 120, 255],
        high: [108, 108, 108, 255, 148, 148, 148, 255],
      },
    );
  });

  it("the whole size keeps everything", () => {
    check(
      { width, height },
      {
        low: [100, 100, 100, 255, 140, 140, 140, 255],
        high: [128, 128, 128, 255, 128, 128, 128, 255],
      },
    );
  });
});
