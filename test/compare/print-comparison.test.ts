// A comparison in the terminal and as Markdown.
import { describe, expect, it } from "vitest";
import type { Comparison } from "../../daemon/compare/comparison.ts";
import { comparisonLines, comparisonMarkdown } from "../../daemon/compare/print-comparison.ts";
import { compared, comparison, measured } from "./some-comparison.ts";

const methods = comparison(
  ["frecas", "demofusion", "scalecrafter", "direct"].map((label, index) =>
    compared(label, {
      size: { width: 4096, height: 4096 },
      seconds: 3.6 + 1000 * index,
      networkFlops: 1e12 * (index + 1),
      peakBytes: 2 ** 30 * (10 + index),
      measures: measured({ discs: index + 1, colourDistance: 10 + index }),
    }),
  ),
  {
    leftOut: [{ label: "direct", why: "method: must fit, got none; write method: frecas" }],
  },
);

/** Up to the first line that is no row. */
const tableOf = (one: Comparison): readonly string[] => {
  const lines = comparisonLines(one);
  return lines.slice(0, lines.indexOf(""));
};

describe("the terminal's table", () => {
  it("has facts as rows and methods as columns in 80 letters, the best ones marked", () => {
    const table = tableOf(methods);
    expect(Math.max(...table.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    expect(table.slice(0, 4).map((line) => line.replace(/ +/g, " "))).toEqual([
      " frecas demofusion scalecrafter direct",
      "suns and moons 1 ✓ 2 3 4",
      "seconds 3.6 ✓ 1004 2004 3004",
      "work 1.00× ✓ 2.00× 3.00× 4.00×",
    ]);
    expect(table.length).toBe(15);
  });

  it("ends values below each other, whether they are marked or not", () => {
    const [, , seconds = "", work = ""] = tableOf(methods);
    expect(seconds.indexOf("3.6") + 3).toBe(work.indexOf("1.00×") + 5);
    expect(seconds.indexOf("1004") + 4).toBe(work.indexOf("2.00×") + 5);
  });

  it("has the small picture in the last column, with the numbers that it has", () => {
    const small = {
      size: { width: 128, height: 128 },
      pictures: ["/r/small.png"],
      measures: { spectrumSlope: -3.9, discs: 1 },
    };
    const table = tableOf({ ...methods, compared: methods.compared.slice(0, 3), small });
    expect(Math.max(...table.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    const words = table.map((line) => line.replace(/ +/g, " "));
    expect(words).toContain("suns and moons 1 ✓ 2 3 1");
    expect(words).toContain("seconds 3.6 ✓ 1004 2004");
  });

  it("breaks long labels, and goes on below where columns do not fit beside each other", () => {
    const long = Array.from({ length: 8 }, (_, index) =>
      compared(`attention_reuse: 0, gamma: ${index}`),
    );
    const lines = comparisonLines(comparison(long));
    expect(lines.filter((line) => line.startsWith("seconds ")).length).toBeGreaterThan(1);
    const last = lines.findLastIndex((line) => line.startsWith("spectrum slope "));
    const tables = lines.slice(0, last + 1);
    expect(Math.max(...tables.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    const words = tables.join(" ").split(/\s+/);
    expect(words.filter((word) => word === "gamma:").length).toBe(8);
    expect(words.filter((word) => word === "10.0").length).toBe(8);
  });

  it("is followed by what was left out and why, once and without advice", () => {
    const lines = comparisonLines(methods).filter((line) => line.includes("left out"));
    expect(lines).toEqual(["direct is left out: method: must fit, got none"]);
  });
});

it("Markdown has the same rows, the best ones bold and marked, and what they mean", () => {
  const text = comparisonMarkdown(methods, "s.png");
  expect(text).toContain("|  | frecas | demofusion | scalecrafter | direct |");
  expect(text).toContain("\n| --- | ---: | ---: | ---: | ---: |\n");
  expect(text).toContain("\n| seconds | **3.6** ✓ | 1004 | 2004 | 3004 |\n");
  expect(text).toContain("\n✓ marks the best value of a row");
  expect(text).toContain("\n- **seconds**: ");
  expect(text).toContain("- frecas: [frecas.png](frecas.png)");
});
