// The attention view without its page: a prompt's parts, and the colours of a map.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heatMap } from "../../extension/webview/results/heat-map.ts";
import { promptParts } from "../../extension/webview/results/prompt-parts.ts";

describe("a prompt's parts", () => {
  const words = [
    { start: 2, end: 5 },
    { start: 6, end: 9 },
  ];
  it.each([
    ["a red-hot sun", words, "a |[0 red]|-|[1 hot]| sun"],
    ["a red hot", words, "a |[0 red]| |[1 hot]"],
    ["...", [], "..."],
    ["", [], ""],
  ])("of %j", (prompt, given, expected) => {
    const shown = promptParts(prompt, given).map((part) =>
      part.kind === "word" ? `[${part.index} ${part.text}]` : part.text,
    );
    expect(shown.join("|")).toBe(expected);
  });
});

describe("a heat map", () => {
  it("is clear where its value is least and hides most where it is most", () => {
    const { rgba, least, most } = heatMap(Float32Array.of(0.25, 0.5, 0.75));
    expect({ least, most }).toEqual({ least: 0.25, most: 0.75 });
    expect([rgba[3], rgba[7], rgba[11]]).toEqual([0, 128, 255]);
    expect([...rgba.slice(8, 11)]).toEqual([252, 255, 164]);
  });

  it("is clear all over where all values are the same", () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 1, noNaN: true }), fc.nat(9), (value, length) => {
        const { rgba } = heatMap(new Float32Array(length).fill(value));
        expect(rgba.filter((_, at) => at % 4 === 3).every((alpha) => alpha === 0)).toBe(true);
      }),
    );
  });
});
