// The facts of a comparison: the one place that says what a number is called, how it is written, what it means, which way
// is better, and in what order they stand. Table, Markdown and contact sheet are made of them.
import { showMemory } from "../base/show-memory.ts";
import { showSize } from "../base/size.ts";
import { type Compared, type Comparison, costRatio } from "./comparison.ts";
import type { Measures } from "./measure-pictures.ts";

/** One number of everything that is compared. */
export interface Fact {
  readonly title: string;
  /** A plain sentence: what the number is, which way is better. */
  readonly meaning: string;
  /** Whether it is of those to look at first. */
  readonly isMain: boolean;
  /** In the order of `headingsOf`; "" where the small picture has no such number. */
  readonly values: readonly FactValue[];
}

interface FactValue {
  readonly text: string;
  /** Written as the best one is; of none where all are written alike. */
  readonly isBest: boolean;
}

/** What stands behind the best values; `bestLegend` says so. */
export const bestMark = "✓";
export const bestLegend = `${bestMark} marks the best value of a row; none where all are alike.`;

interface Kind {
  readonly title: string;
  readonly meaning: string;
  readonly isMain?: true;
  show(compared: Compared, index: number): string;
  /** The least is best; absent where neither way is better. */
  rank?(compared: Compared, index: number): number | null | undefined;
  showSmall?(measures: Measures): string;
}

/** What the values are of: all that is compared, then the model's small picture where there is one. */
export function headingsOf({ compared, small }: Comparison): readonly string[] {
  const last = small === null ? [] : [`the model at ${showSize(small.size)}`];
  return [...compared.map(({ label }) => label), ...last];
}

/** Those that this comparison has numbers for: what to look at first, then the rest. */
export function factsOf(comparison: Comparison): readonly Fact[] {
  const kinds = [
    ...discKinds(comparison),
    ...costKinds(comparison),
    slopeKind(comparison),
    ...distanceKinds(comparison),
  ];
  return kinds.map((kind) => factOf(kind, comparison));
}

function factOf(kind: Kind, { compared, small }: Comparison): Fact {
  const { title, meaning, isMain = false } = kind;
  const texts = compared.map((each, index) => kind.show(each, index));
  const ranks = compared.map((each, index) => kind.rank?.(each, index) ?? Number.POSITIVE_INFINITY);
  const least = Math.min(...ranks);
  const best = texts.filter((_, index) => Number.isFinite(least) && ranks[index] === least);
  const isOther = (text: string, index: number): boolean =>
    Number.isFinite(ranks[index]) && !best.includes(text);
  const values = texts.map((text) => ({
    text,
    isBest: texts.some(isOther) && best.includes(text),
  }));
  const last =
    small === null ? [] : [{ text: kind.showSmall?.(small.measures) ?? "", isBest: false }];
  return { title, meaning, isMain, values: [...values, ...last] };
}

const isAsked = ({ compared }: Comparison, key: keyof Measures): boolean =>
  compared.some(({ measures }) => measures[key] !== undefined);

function discKinds(comparison: Comparison): readonly Kind[] {
  if (!isAsked(comparison, "discs")) return [];
  const discs = ({ discs: count }: Measures): string =>
    written(count, Number.isInteger(count) ? 0 : 1);
  return [
    {
      title: "suns and moons",
      meaning:
        "bright discs that were counted, a picture. One at most is right; more are the same thing painted again.",
      isMain: true,
      show: ({ measures }) => discs(measures),
      // A picture without one is as right as one with one.
      rank: ({ measures }) => Math.max(1, measures.discs ?? 1),
      showSmall: discs,
    },
  ];
}

function costKinds(comparison: Comparison): readonly Kind[] {
  const { compared, baseline, memory } = comparison;
  const base = compared[baseline]?.label ?? "";
  const peak = ({ peakBytes }: Compared): number => peakBytes;
  return [
    {
      title: "seconds",
      meaning:
        "measured on this machine, from the first network call to the last picture, without opening the model; less is better.",
      isMain: true,
      show: ({ seconds }) => (seconds < 100 ? seconds.toFixed(1) : seconds.toFixed(0)),
      rank: ({ seconds }) => seconds,
    },
    {
      title: "work",
      meaning: `the network's arithmetic operations, as planned, as a multiple of ${base}'s; the same on every machine; less is better.`,
      isMain: true,
      show: (_, index) => `${significant(costRatio(comparison, index))}×`,
      rank: ({ networkFlops }) => networkFlops,
    },
    {
      title: "TFLOP",
      meaning: "the same work in 10¹² operations; less is better.",
      show: ({ networkFlops }) => significant(networkFlops / 1e12),
      rank: ({ networkFlops }) => networkFlops,
    },
    {
      title: "network calls",
      meaning:
        "how often the diffusion network runs; a call at a larger size is more work, so calls alone say little.",
      show: ({ networkCalls }) => String(networkCalls),
    },
    {
      title: "peak memory",
      meaning:
        memory === "own"
          ? "the most memory that the engine's process held, each in a process of its own; less is better."
          : "the most memory that the daemon's engine has held so far, earlier runs included, so that only growth from one to the next says something; `--no-daemon` gives each a process of its own.",
      show: (each) => showMemory(peak(each)),
      ...(memory === "own" ? { rank: peak } : {}),
    },
    {
      title: "size",
      meaning: "width × height of the picture in pixels.",
      show: ({ size }) => showSize(size),
    },
    {
      title: "steps",
      meaning:
        "how often the noise is lessened, stage by stage; the methods' own where the recipe does not say.",
      show: ({ painted }) => painted.steps.join("+"),
    },
    {
      title: "guidance",
      meaning:
        "how strongly the prompt was followed; the methods' own where the recipe does not say.",
      show: ({ painted }) => String(painted.guidance),
    },
  ];
}

function slopeKind({ small }: Comparison): Kind {
  const reference =
    small === null
      ? ""
      : ` Compare with the picture at ${showSize(small.size)}: what a model learned to paint may be softer than photographs.`;
  return {
    title: "spectrum slope",
    meaning: `how fast fine detail gets weaker than coarse, in log power over log frequency. Photographs have about −2; a steeper slope (−3) is a softer picture, a flatter one (−1) a noisy or crowded one; neither is better.${reference}`,
    show: ({ measures }) => signed(measures.spectrumSlope),
    showSmall: ({ spectrumSlope }) => signed(spectrumSlope),
  };
}

function distanceKinds(comparison: Comparison): readonly Kind[] {
  const { small } = comparison;
  const against = small === null ? "" : showSize(small.size);
  const all: readonly (Kind & { readonly key: keyof Measures })[] = [
    {
      key: "agreementDb",
      title: "agreement",
      meaning:
        "how much of the small picture that the method painted first is still in the large one, in dB (PSNR at the small one's size); more is better. 20 and more: the same picture with detail added. Below about 15: another picture. – : the method paints no small picture first.",
      show: ({ measures }) => written(measures.agreementDb, 1, " dB"),
      rank: ({ measures: { agreementDb } }) => (agreementDb == null ? null : -agreementDb),
    },
    {
      key: "colourDistance",
      title: "colour distance",
      meaning: `how far the colours are from those of the model's own picture at ${against}, in CIELAB units, of which about 2.3 can just be seen; nearer to 0 is better.`,
      show: ({ measures }) => written(measures.colourDistance, 1),
      rank: ({ measures }) => measures.colourDistance,
    },
    {
      key: "spectrumDistanceDb",
      title: "spectrum distance",
      meaning: `how far the amounts of coarse and fine shapes, counted by picture, are from those of the picture at ${against}, in dB; nearer to 0 is better, repeated things raise it.`,
      show: ({ measures }) => written(measures.spectrumDistanceDb, 1, " dB"),
      rank: ({ measures }) => measures.spectrumDistanceDb,
    },
    {
      key: "layoutDistance",
      title: "layout distance",
      meaning: `whether light and dark are where the picture at ${against} has them: 0 the same places, 1 nothing in common. Methods that start from other noise paint them elsewhere, which is no fault.`,
      show: ({ measures }) => written(measures.layoutDistance, 2),
    },
  ];
  return all.filter(({ key }) => isAsked(comparison, key));
}

/** "–" where there is no such number. */
function written(value: number | null | undefined, digits: number, unit = ""): string {
  return value === null || value === undefined ? "–" : `${value.toFixed(digits)}${unit}`;
}

const signed = (value: number | null): string => written(value, 2).replace("-", "−");

/** Three digits: "0.00123", "1.00", "24.5", "1230". */
function significant(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(6, digits));
}
