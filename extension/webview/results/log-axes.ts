// The plane of a log-log plot, as arithmetic: from frequencies and powers to places in a box, and back.

export interface Series {
  readonly label: string;
  /** Cycles a pixel, and the power there. */
  readonly frequencies: Float64Array;
  readonly power: Float64Array;
}

export interface LogAxes {
  /** Decades of power that are drawn, as exponents. */
  readonly powers: readonly number[];
  /** 0 to 1 from the left, and from the top. */
  x(frequency: number): number;
  y(power: number): number;
  /** The frequency at a place from the left, 0 to 1. */
  frequencyAt(x: number): number;
}

/** From the lowest frequency of all series to 0.5, and whole decades of power. */
export function logAxes(series: readonly Series[]): LogAxes {
  const lowest = Math.min(0.25, ...series.map(({ frequencies }) => frequencies[0] ?? 0.25));
  const powers = series.flatMap(({ power }) => [...power].filter((value) => value > 0));
  const logs = powers.map((power) => Math.log10(power));
  const bottom = Math.floor(logs.reduce((one, other) => Math.min(one, other), 0));
  const top = Math.max(
    bottom + 1,
    Math.ceil(logs.reduce((one, other) => Math.max(one, other), bottom)),
  );
  const octaves = Math.log2(0.5 / lowest);
  return {
    powers: Array.from({ length: top - bottom + 1 }, (_, index) => bottom + index),
    x: (frequency) => Math.log2(frequency / lowest) / octaves,
    y: (power) => Math.min(1, (top - Math.log10(power)) / (top - bottom)),
    frequencyAt: (x) => lowest * 2 ** (Math.min(1, Math.max(0, x)) * octaves),
  };
}
