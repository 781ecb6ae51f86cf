// The noise of all steps as a plot: the stages side by side, log-SNR upwards, so that a stage rises from noise to
// picture and falls back where the next one begins. Pure: numbers → places.

export interface NoiseValue {
  /** ln(signal² / noise²), or what there is alone. */
  readonly logSnr: number | "noise" | "picture";
}

/** "−2.08"; "−∞" for noise alone. */
export function showLogSnr(logSnr: NoiseValue["logSnr"]): string {
  if (logSnr === "noise") return "−∞";
  return logSnr === "picture" ? "∞" : logSnr.toFixed(2).replace("-", "−");
}

/** Of the drawing, in pixels; y downwards. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface NoisePlot {
  /** One for each stage that is sampled. */
  readonly bands: readonly {
    readonly stage: number;
    readonly x: number;
    readonly width: number;
    readonly points: readonly Place[];
  }[];
  /** From the last point of a stage to the first of the next. */
  readonly jumps: readonly { readonly into: number; readonly from: Place; readonly to: Place }[];
  readonly ticks: readonly { readonly logSnr: number; readonly y: number }[];
}

/** Beyond it, noise or signal is all there is to see. */
const mostLogSnr = 9;

/** The least width of a stage's band, so that its timesteps can be written above it. */
const leastBand = 84;

/** Stages without steps have no band. */
export function plotNoise(stages: readonly (readonly NoiseValue[])[], frame: Frame): NoisePlot {
  const values = stages.flat().map(clamped);
  const [low, high] = niceRange(values);
  const toY = (logSnr: number): number =>
    frame.top + (frame.height * (high - logSnr)) / (high - low);
  const sampled = stages.flatMap((points, stage) => (points.length > 0 ? [{ stage, points }] : []));
  const widths = shareWidth(
    sampled.map(({ points }) => points.length),
    frame.width,
  );
  let x = frame.left;
  const bands = sampled.map(({ stage, points }, index) => {
    const width = widths[index] ?? 0;
    const start = x;
    x += width;
    const toX = (step: number): number => start + (width * (step + 0.5)) / points.length;
    const places = points.map((point, step) => ({ x: toX(step), y: toY(clamped(point)) }));
    return { stage, x: start, width, points: places };
  });
  const jumps = bands.slice(1).flatMap(({ stage, points }, index) => {
    const [from, to] = [bands[index]?.points.at(-1), points[0]];
    return from === undefined || to === undefined ? [] : [{ into: stage, from, to }];
  });
  const ticks = ticksBetween(low, high).map((logSnr) => ({ logSnr, y: toY(logSnr) }));
  return { bands, jumps, ticks };
}

function clamped({ logSnr }: NoiseValue): number {
  if (logSnr === "noise") return -mostLogSnr;
  return logSnr === "picture" ? mostLogSnr : Math.min(mostLogSnr, Math.max(-mostLogSnr, logSnr));
}

/** Even numbers around all values, and 0 among them. */
function niceRange(values: readonly number[]): readonly [number, number] {
  const low = Math.min(-2, ...values);
  const high = Math.max(2, ...values);
  return [2 * Math.floor(low / 2), 2 * Math.ceil(high / 2)];
}

function ticksBetween(low: number, high: number): readonly number[] {
  const step = high - low > 12 ? 4 : 2;
  const first = step * Math.ceil(low / step);
  return Array.from(
    { length: Math.floor((high - first) / step) + 1 },
    (_, index) => first + step * index,
  );
}

/** In proportion to the counts, but none below the least, as far as there is room. */
function shareWidth(counts: readonly number[], width: number): readonly number[] {
  const least = Math.min(leastBand, width / Math.max(1, counts.length));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const narrow = counts.map((count) => (width * count) / total < least);
  const isEven = narrow.every((each) => each);
  if (isEven) return counts.map(() => width / counts.length);
  const rest = width - least * narrow.filter((each) => each).length;
  const shared = counts.reduce((sum, count, index) => sum + (narrow[index] ? 0 : count), 0);
  return counts.map((count, index) => (narrow[index] ? least : (rest * count) / shared));
}

/** ᾱ at a log-SNR: signal² with signal² + noise² = 1. */
export const alphaBarAt = (logSnr: number): number => 1 / (1 + Math.exp(-logSnr));

/** σ at a log-SNR: noise with signal + noise = 1. */
export const sigmaAt = (logSnr: number): number => 1 / (1 + Math.exp(logSnr / 2));
