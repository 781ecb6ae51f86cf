// Stages as boxes to one scale, side by side on one ground line. Pure: sizes → rectangles.

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Pixels of the page, y downwards. */
export interface Rectangle extends Extent {
  readonly x: number;
  readonly y: number;
}

export interface StageRoom extends Extent {
  /** The least between boxes, where an arrow goes, and the most. */
  readonly gap: number;
  readonly mostGap: number;
  /** The least width of a column, so that what is written below a box has its place. */
  readonly column: number;
}

/** One box a size, all to the same scale, as large as the room allows; the whole stands in the middle. */
export function placeStages(sizes: readonly Extent[], room: StageRoom): readonly Rectangle[] {
  const { width, height, gap, mostGap, column } = room;
  const scale = findScale(sizes, room);
  const columns = sizes.map((size) => Math.max(column, size.width * scale));
  const taken = columns.reduce((sum, each) => sum + each, 0);
  const gaps = Math.max(1, sizes.length - 1);
  const between = Math.min(mostGap, Math.max(gap, (width - taken) / gaps));
  let left = Math.max(0, (width - taken - between * (sizes.length - 1)) / 2);
  return sizes.map((size, index) => {
    const box = { width: size.width * scale, height: size.height * scale };
    const x = left + ((columns[index] ?? 0) - box.width) / 2;
    left += (columns[index] ?? 0) + between;
    return { x, y: height - box.height, ...box };
  });
}

/** Boxes narrower than a column take a whole one, the others share what is left; a smaller scale makes more of them narrow. */
function findScale(sizes: readonly Extent[], { width, height, gap, column }: StageRoom): number {
  const room = width - gap * (sizes.length - 1);
  let scale = height / Math.max(1, ...sizes.map((size) => size.height));
  for (let pass = 0; pass < sizes.length; pass += 1) {
    const wide = sizes.filter((size) => size.width * scale > column);
    const sum = wide.reduce((all, size) => all + size.width, 0);
    const left = Math.max(1, room - column * (sizes.length - wide.length));
    if (sum > 0) scale = Math.min(scale, left / sum);
  }
  return scale;
}

/** "×2", "×1.5", or "×2, ×3" where width and height grow differently. */
export function sayGrowth(from: Extent, to: Extent): string {
  const times = (ratio: number): string => `×${Number(ratio.toFixed(2))}`;
  const [wide, high] = [times(to.width / from.width), times(to.height / from.height)];
  return wide === high ? wide : `${wide}, ${high}`;
}
