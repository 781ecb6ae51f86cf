// The columns of a comparison's table: the one place that says what a number is called, how it is written, what it means
// and which way is better. Table, Markdown and contact sheet are made of them.
import { showMemory } from "../base/show-memory.ts";
import { showSize } from "../base/size.ts";
import { type Compared, type Comparison, costRatio } from "./comparison.ts";
import type { Measures } from "./measure-pictures.ts";

export interface Column {
  readonly title: string;
  /** A plain sentence: what the number is, which way is better. */
  readonly meaning: string;
  show(compared: Compared, index: number): string;
}

/** Those that this comparison has numbers for, in order. */
export function columnsOf(comparison: Comparison): readonly Column[] {
  return [...costColumns(comparison), slope, ...measureColumns(comparison)];
}

function costColumns(comparison: Comparison): readonly Column[] {
  const { compared, baseline, memory } = comparison;
  const base = compared[baseline]?.label ?? "";
  return [
    {
      title: "size",
      meaning: "width × height of the picture in pixels.",
      show: ({ size }) => showSize(size),
    },
    {
      title: "network calls",
      meaning:
        "how often the diffusion network runs; a call at a larger size is more work, so calls alone say little.",
      show: ({ networkCalls }) => String(networkCalls),
    },
    {
      title: "TFLOP",
      meaning:
        "the work of these calls in 10¹² arithmetic operations, as planned, the same on every machine; less is better.",
      show: ({ networkFlops }) => significant(networkFlops / 1e12),
    },
    {
      title: "work",
      meaning: `the same as a multiple of ${base}'s; below 1× is less work.`,
      show: (_, index) => `${significant(costRatio(comparison, index))}×`,
    },
    {
      title: "seconds",
      meaning:
        "measured on this machine, from the first network call to the last picture, without opening the model; less is better.",
      show: ({ seconds }) => (seconds < 100 ? seconds.toFixed(1) : seconds.toFixed(0)),
    },
    {
      title: "peak memory",
      meaning:
        memory === "own"
          ? "the most memory that the engine's process held, each in a process of its own; less is better."
          : "the most memory that the daemon's engine has held so far, earlier runs included, so that only growth from a row to the next says something; `--no-daemon` gives each a process of its own.",
      show: ({ peakBytes }) => showMemory(peakBytes),
    },
  ];
}

const slope: Column = {
  title: "spectrum slope",
  meaning:
    "how fast fine detail gets weaker than coarse, in log power over log frequency. Photographs have about −2; a steeper slope (−3) is a softer picture, a flatter one (−1) a noisy or crowded one.",
  show: ({ measures }) => signed(measures.spectrumSlope),
};

function measureColumns({ compared, small }: Comparison): readonly Column[] {
  const isAsked = (key: keyof Measures): boolean =>
    compared.some(({ measures }) => measures[key] !== undefined);
  const against = small === null ? "" : showSize(small.size);
  const all: readonly (Column & { readonly key: keyof Measures })[] = [
    {
      key: "agreementDb",
      title: "agreement",
      meaning:
        "how much of the small picture that the method painted first is still in the large one, in dB (PSNR at the small one's size). 20 and more: the same picture with detail added. Below about 15: another picture. – : the method paints no small picture first.",
      show: ({ measures }) => written(measures.agreementDb, 1, " dB"),
    },
    {
      key: "colourDistance",
      title: "colour distance",
      meaning: `how far the colours are from those of the model's own picture at ${against}, in CIELAB units, of which about 2.3 can just be seen; nearer to 0 is better.`,
      show: ({ measures }) => written(measures.colourDistance, 1),
    },
    {
      key: "spectrumDistanceDb",
      title: "spectrum distance",
      meaning: `how far the amounts of coarse and fine shapes, counted by picture, are from those of the picture at ${against}, in dB; nearer to 0 is better, repeated things raise it.`,
      show: ({ measures }) => written(measures.spectrumDistanceDb, 1, " dB"),
    },
    {
      key: "layoutDistance",
      title: "layout distance",
      meaning: `whether light and dark are where the picture at ${against} has them: 0 the same places, 1 nothing in common.`,
      show: ({ measures }) => written(measures.layoutDistance, 2),
    },
    {
      key: "discs",
      title: "suns and moons",
      meaning:
        "bright discs that were counted, a picture. One at most is right; more are the same thing painted again.",
      show: ({ measures }) => written(measures.discs, Number.isInteger(measures.discs) ? 0 : 1),
    },
  ];
  return all.filter(({ key }) => isAsked(key));
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
