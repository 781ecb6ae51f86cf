// The contact sheet's pixels: pictures where they belong, captions with ink, the best in green.
import { expect, it } from "vitest";
import { drawSheet, type SheetCell } from "../../daemon/compare/draw-sheet.ts";
import type { Picture } from "../../daemon/image/picture.ts";

type Colour = readonly [number, number, number];

function plain(width: number, height: number, colour: Colour): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set(colour, at);
  return { width, height, rgb };
}

const blue = plain(64, 64, [0, 0, 255]);
const red = plain(64, 64, [255, 0, 0]);

const cell = (pictures: readonly Picture[], more: Partial<SheetCell> = {}): SheetCell => ({
  pictures,
  title: "frecas",
  facts: [],
  about: "",
  ...more,
});

const sheet = (cells: readonly SheetCell[]): Picture =>
  drawSheet({ title: "moons", about: [], cells, notes: [] });

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What holds all pixels that `is` is true of; undefined where there is none. */
function boxOf(
  { width, rgb }: Picture,
  is: (colour: Colour) => boolean,
  from = 0,
): Box | undefined {
  let box: Box | undefined;
  for (let at = 0; at < rgb.length; at += 3) {
    const [x, y] = [(at / 3) % width, Math.floor(at / 3 / width)];
    if (y < from || !is([rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0])) continue;
    box = {
      left: Math.min(box?.left ?? x, x),
      top: Math.min(box?.top ?? y, y),
      right: Math.max(box?.right ?? x, x),
      bottom: Math.max(box?.bottom ?? y, y),
    };
  }
  return box;
}

const isBlue = ([r, g, b]: Colour): boolean => b > 200 && r < 50 && g < 50;
const isRed = ([r, g, b]: Colour): boolean => r > 200 && b < 50 && g < 50;
const isInk = ([r, g, b]: Colour): boolean => r < 150 && Math.abs(r - g) < 8 && Math.abs(g - b) < 8;
const isGreen = ([r, g, b]: Colour): boolean => g > r + 60 && g > b + 40;

it("cells lie side by side, the small picture's last, each enlarged to the same width", () => {
  const drawn = sheet([cell([blue]), cell([plain(16, 16, [255, 0, 0])])]);
  const [first, last] = [boxOf(drawn, isBlue), boxOf(drawn, isRed)];
  expect(first).toMatchObject({ left: 24, right: 24 + 383 });
  expect(last).toMatchObject({ left: 24 + 384 + 20, top: first?.top, bottom: first?.bottom });
  expect(drawn.width).toBe(2 * 24 + 2 * 384 + 20);
});

it("a caption puts ink below its own picture, and each fact makes it higher", () => {
  const fact = { title: "seconds", text: "3.6", isMain: false, isBest: false };
  const ink = (facts: SheetCell["facts"]) => {
    const drawn = sheet([cell([blue]), cell([red], { title: "", facts })]);
    return boxOf(drawn, (colour) => isInk(colour), (boxOf(drawn, isBlue)?.bottom ?? 0) + 1);
  };
  const title = ink([]);
  expect(title?.left).toBeLessThan(40);
  expect(title?.right).toBeLessThan(24 + 384);
  const two = ink([fact, fact]);
  expect(two?.right).toBeGreaterThan(24 + 384 + 20 + 200);
  expect(two?.bottom).toBeGreaterThan((title?.bottom ?? 0) + 15);
  expect(ink([fact, fact, fact])?.bottom).toBeGreaterThan((two?.bottom ?? 0) + 15);
});

it("the facts to look at first are larger, the best one is green", () => {
  const fact = { title: "", text: "3.6", isMain: false, isBest: true };
  const heightOf = (isMain: boolean): number => {
    const green = boxOf(sheet([cell([blue], { facts: [{ ...fact, isMain }] })]), isGreen);
    return (green?.bottom ?? 0) - (green?.top ?? 0);
  };
  expect(heightOf(true)).toBeGreaterThan(heightOf(false));
  expect(heightOf(false)).toBeGreaterThan(5);
  const none = sheet([cell([blue], { facts: [{ ...fact, isBest: false }] })]);
  expect(boxOf(none, isGreen)).toBe(undefined);
});

it("a tall picture's caption has the room that its facts need", () => {
  const drawn = sheet([cell([plain(16, 64, [0, 0, 255])])]);
  expect(drawn.width).toBe(2 * 24 + 240);
  expect(boxOf(drawn, isBlue)).toMatchObject({ left: 24 + 72, right: 24 + 72 + 95 });
});
