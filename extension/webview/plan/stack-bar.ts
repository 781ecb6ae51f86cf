// A bar of parts, one behind the other. Pure: amounts → spans.

export interface Span {
  readonly x: number;
  readonly width: number;
}

/** A span for each amount; `whole` is what the whole width stands for. */
export function stackBar(
  amounts: readonly number[],
  { width, whole }: { readonly width: number; readonly whole: number },
): readonly Span[] {
  let sum = 0;
  return amounts.map((amount) => {
    const x = (width * sum) / whole;
    sum += amount;
    return { x, width: (width * amount) / whole };
  });
}
