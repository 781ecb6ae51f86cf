// How many suns and moons a landscape has: bright, round spots. The right answer is one at most, so that more
// tell of a method that paints the same thing over and over. What is oval or half hidden does not count.
// Maximally stable extremal regions (Matas, Chum, Urban, Pajdla 2002) that are discs by their moments (Teague 1980).
import { type Region, regionsAbove } from "./bright-regions.ts";
import { type Luma, lumaOf, type Pixels } from "./luma.ts";
import { resizePixels } from "./resize-pixels.ts";

/** Longest side that is looked at, in pixels; larger pictures are resized. */
const mostPx = 512;
/** Of the diameter: pixels at least, and shares of the shorter side, below which flowers would count. */
const leastPx = 6;
const [leastShare, mostShare] = [0.022, 0.4];
/** Longest over shortest axis. */
const mostOval = 1.35;
/** Area over that of the ellipse with the same moments, which is 1 for discs, 0.95 for squares. */
const leastFilled = 0.92;
/** Luma between two thresholds, and how many in a row have to show the disc. */
const step = 8 / 255;
const leastSteps = 3;
/** How much a disc may grow from one threshold to the next, in area. */
const mostGrowth = 1.4;

/** One disc, in pixels of the picture as it was given. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly diameter: number;
}

/** The discs, brightest first. */
export function findDiscs(picture: Pixels): readonly Disc[] {
  const shrink = Math.min(1, mostPx / Math.max(picture.width, picture.height));
  const size = {
    width: Math.max(1, Math.round(picture.width * shrink)),
    height: Math.max(1, Math.round(picture.height * shrink)),
  };
  const discs = stableDiscs(lumaOf(shrink === 1 ? picture : resizePixels(picture, size)));
  return discs.map(({ x, y, area }) => ({
    x: x / shrink,
    y: y / shrink,
    diameter: (2 * Math.sqrt(area / Math.PI)) / shrink,
  }));
}

/** A disc while the threshold falls: its region at the last one, and at how many it has been one. */
interface Candidate {
  readonly region: Region;
  readonly steps: number;
}

function stableDiscs(luma: Luma): readonly Region[] {
  const found: Region[] = [];
  let before: readonly Candidate[] = [];
  for (let threshold = 1 - step; threshold > 0; threshold -= step) {
    const regions = regionsAbove(luma, threshold).filter((region) => isDisc(region, luma));
    before = regions.map((region) => {
      const same = before.find((candidate) => continues(candidate.region, region));
      return { region, steps: (same?.steps ?? 0) + 1 };
    });
    for (const { region, steps } of before)
      if (steps >= leastSteps && !found.some((disc) => overlaps(disc, region))) found.push(region);
  }
  return found;
}

function isDisc({ area, long, short }: Region, { width, height }: Luma): boolean {
  const diameter = 2 * Math.sqrt(area / Math.PI);
  const side = Math.min(width, height);
  const least = Math.max(leastPx, leastShare * side);
  if (diameter < least || diameter > mostShare * side) return false;
  // Axes are of the ellipse that has the region's moments.
  return long <= mostOval * short && area >= leastFilled * Math.PI * long * short;
}

const continues = (smaller: Region, larger: Region): boolean =>
  overlaps(smaller, larger) && larger.area <= mostGrowth * smaller.area;

/** Whether the middle of one is within the other. */
function overlaps(one: Region, other: Region): boolean {
  const reach = Math.sqrt(Math.max(one.area, other.area) / Math.PI);
  return Math.hypot(one.x - other.x, one.y - other.y) <= reach;
}
