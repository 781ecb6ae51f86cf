// The sizes of a cascade, from the size it ends at and the model's own.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Size, showSize } from "../../daemon/base/size.ts";
import { deriveSizes } from "../../daemon/plan/derive-sizes.ts";

function check(nativePx: number, size: Size, expected: string, multipleOfPx = 8): void {
  expect(
    deriveSizes(size, { nativePx, multipleOfPx })
      .map((each) => showSize(each, "x"))
      .join(" "),
  ).toBe(expected);
}

test.each([
  [512, 1024, 1024, "512x512 1024x1024"],
  [512, 2048, 2048, "512x512 1024x1024 2048x2048"],
  [512, 4096, 4096, "512x512 1024x1024 2048x2048 4096x4096"],
  [768, 1536, 1536, "768x768 1536x1536"],
  [128, 256, 256, "128x128 256x256"],
  [128, 512, 512, "128x128 256x256 512x512"],
  [512, 512, 512, "512x512"],
  [512, 768, 320, "768x320"],
])(
  "a model of %i px paints %i × %i in stages as the presets do",
  (native, width, height, expected) => {
    check(native, { width, height }, expected);
  },
);

test.each([
  [128, 1024, 512, "256x128 512x256 1024x512"],
  [512, 2048, 1024, "768x384 2048x1024"],
  [512, 1920, 1080, "640x360 1280x720 1920x1080"],
  [512, 1280, 1280, "512x512 1280x1280"],
  [512, 1536, 1536, "512x512 1024x1024 1536x1536"],
  [512, 704, 704, "512x512 704x704"],
])("a model of %i px keeps the ratio of %i × %i", (native, width, height, expected) => {
  check(native, { width, height }, expected);
});

test.each([
  [512, 1016, 1024, "512x512 1016x1024"],
  [512, 520, 512, "520x512"],
])(
  "a model of %i px comes near a ratio of %i × %i that multiples of 8 don't have",
  (native, width, height, expected) => {
    check(native, { width, height }, expected);
  },
);

test.each([
  [512, 1040, 1024, "520x512 1040x1024", 8],
  [512, 1040, 1024, "512x512 1040x1024", 16],
  [1024, 3072, 3072, "1024x1024 2048x2048 3072x3072", 16],
])(
  "a model of %i px paints %i × %i in sides that it allows",
  (native, width, height, expected, multiple) => {
    check(native, { width, height }, expected, multiple);
  },
);

const side = fc.integer({ min: 1, max: 600 }).map((cells) => cells * 8);

test("every cascade ends at the size asked for, grows, and consists of multiples of 8", () => {
  fc.assert(
    fc.property(side, side, fc.constantFrom(128, 512, 768), (width, height, nativePx) => {
      const sizes = deriveSizes({ width, height }, { nativePx, multipleOfPx: 8 });
      expect(sizes.at(-1)).toEqual({ width, height });
      for (const [index, each] of sizes.entries()) {
        expect([each.width % 8, each.height % 8]).toEqual([0, 0]);
        const before = sizes[index - 1];
        if (before === undefined) continue;
        expect(each.width).toBeGreaterThan(before.width);
        expect(each.height).toBeGreaterThan(before.height);
      }
    }),
  );
});

test("a cascade of several stages starts near the native area unless the picture is a ribbon", () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      fc.pre(Math.max(width, height) < 4 * Math.min(width, height));
      const [first, ...rest] = deriveSizes({ width, height }, { nativePx: 512, multipleOfPx: 8 });
      if (rest.length === 0) return;
      const ratio = Math.sqrt(first.width * first.height) / 512;
      expect(ratio).toBeGreaterThan(0.69);
      expect(ratio).toBeLessThan(1.45);
    }),
  );
});
