// What is told of a comparison: the order, the marks, and what the small picture has to say.
import { expect, it } from "vitest";
import type { Compared } from "../../daemon/compare/comparison.ts";
import { factsOf, headingsOf } from "../../daemon/compare/facts.ts";
import { compared, comparison, measured } from "./some-comparison.ts";

const small = {
  size: { width: 128, height: 128 },
  pictures: ["/r/small.png"],
  measures: { spectrumSlope: -3.9, discs: 1 },
};

it("what a picture is judged by comes first, then what it cost, then the rest", () => {
  const of = (all: readonly Compared[]) =>
    factsOf(comparison(all)).map(({ title, isMain }) => (isMain ? `**${title}**` : title));
  const cost = [
    "**seconds**",
    "**work**",
    "TFLOP",
    "network calls",
    "peak memory",
    "size",
    "steps",
    "guidance",
  ];
  expect(of([compared("a")])).toEqual([...cost, "spectrum slope"]);
  expect(of([compared("a", { measures: measured() })])).toEqual([
    "**suns and moons**",
    ...cost,
    "spectrum slope",
    "agreement",
    "colour distance",
    "spectrum distance",
    "layout distance",
  ]);
});

it.each<{
  says: string;
  title: string;
  of: readonly Partial<Compared>[];
  marks: readonly string[];
}>([
  {
    says: "the least seconds",
    title: "seconds",
    of: [{ seconds: 4 }, { seconds: 3 }, { seconds: 120 }],
    marks: ["4.0", "3.0 ✓", "120"],
  },
  {
    says: "all that are written as the best one",
    title: "seconds",
    of: [{ seconds: 3.01 }, { seconds: 3 }, { seconds: 5 }],
    marks: ["3.0 ✓", "3.0 ✓", "5.0"],
  },
  {
    says: "none where all are written alike",
    title: "seconds",
    of: [{ seconds: 3.01 }, { seconds: 3 }],
    marks: ["3.0", "3.0"],
  },
  {
    says: "the most agreement",
    title: "agreement",
    of: [20, 30, null].map((agreementDb) => ({ measures: measured({ agreementDb }) })),
    marks: ["20.0 dB", "30.0 dB ✓", "–"],
  },
  {
    says: "none where one alone has the number",
    title: "agreement",
    of: [30, null].map((agreementDb) => ({ measures: measured({ agreementDb }) })),
    marks: ["30.0 dB", "–"],
  },
  {
    says: "no moon as well as one",
    title: "suns and moons",
    of: [0, 1, 10].map((discs) => ({ measures: measured({ discs }) })),
    marks: ["0 ✓", "1 ✓", "10"],
  },
  {
    says: "no spectrum slope, for neither way is better",
    title: "spectrum slope",
    of: [-3.9, -3.6].map((spectrumSlope) => ({ measures: { spectrumSlope } })),
    marks: ["−3.90", "−3.60"],
  },
])("$says: marked as best", ({ title, of, marks }) => {
  const all = of.map((more, index) => compared(String(index), more));
  const fact = factsOf(comparison(all)).find((one) => one.title === title);
  expect(fact?.values.map(({ text, isBest }) => (isBest ? `${text} ✓` : text))).toEqual(marks);
});

it("memory of an engine that was at work before is no one's best", () => {
  const all = [compared("a", { peakBytes: 2 ** 30 }), compared("b", { peakBytes: 2 ** 31 })];
  const marks = (memory: "own" | "so far") =>
    factsOf(comparison(all, { memory }))
      .find(({ title }) => title === "peak memory")
      ?.values.map(({ isBest }) => isBest);
  expect(marks("own")).toEqual([true, false]);
  expect(marks("so far")).toEqual([false, false]);
});

it("the small picture has the numbers that large ones are judged beside", () => {
  const one = comparison([compared("a", { measures: measured() })], { small });
  expect(headingsOf(one)).toEqual(["a", "the model at 128×128"]);
  const last = factsOf(one).map(({ title, values }) => `${title} ${values[1]?.text}`);
  expect(last.filter((told) => !told.endsWith(" "))).toEqual([
    "suns and moons 1",
    "spectrum slope −3.90",
  ]);
});
