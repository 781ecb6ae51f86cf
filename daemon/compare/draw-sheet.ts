// The contact sheet: pictures side by side in cells of one size, under each what it is and what it cost.
import type { Size } from "../base/size.ts";
import type { Picture } from "../image/picture.ts";
import { resizePixels } from "../measure/resize-pixels.ts";
import { type Face, openFace } from "./bitmap-font.ts";
import { type Canvas, type Colour, openCanvas } from "./canvas.ts";
import { bestMark } from "./facts.ts";
import { wrapText } from "./wrap-text.ts";

export interface SheetCell {
  /** One below the other, from top to bottom. */
  readonly pictures: readonly Picture[];
  readonly title: string;
  readonly facts: readonly SheetFact[];
  /** A paragraph below the facts. */
  readonly about: string;
}

interface SheetFact {
  readonly title: string;
  readonly text: string;
  /** Written large. */
  readonly isMain: boolean;
  /** Written in green, with a mark. */
  readonly isBest: boolean;
}

export interface Sheet {
  readonly title: string;
  /** Paragraphs below the title. */
  readonly about: readonly string[];
  readonly cells: readonly SheetCell[];
  /** At the end: groups of paragraphs. */
  readonly notes: readonly (readonly string[])[];
}

/** Longer side of the largest picture on the sheet, in pixels. */
const cellPx = 384;
/** A caption has no less room, however narrow pictures are. */
const leastCellWidth = 240;
/** Values end where they can be read together with their names. */
const mostFactWidth = 280;
const mostColumns = 4;
const [margin, gap, space] = [24, 20, 8];
const black: Colour = [20, 20, 20];
const grey: Colour = [90, 90, 90];
const green: Colour = [0, 112, 48];

/** Rows of four cells at most, as even as can be. */
export function drawSheet({ title, about, cells, notes }: Sheet): Picture {
  const faces: Faces = { regular: openFace("regular"), bold: openFace("bold") };
  const cell = cellSize(cells);
  const rows = Math.ceil(cells.length / mostColumns);
  const columns = Math.ceil(cells.length / rows);
  const width = 2 * margin + columns * cell.width + (columns - 1) * gap;
  const room = width - 2 * margin;
  const paragraphs = (texts: readonly string[], most?: number): readonly Line[] =>
    texts.flatMap((text) => linesOf(text, { face: faces.regular, ink: grey, width: room, most }));
  const head = [
    ...linesOf(title, { face: faces.bold, ink: black, width: room, most: 2 }),
    ...paragraphs(about, 3),
  ];
  const foot = notes.flatMap((group) => apart(paragraphs(group)));
  const captions = cells.map((each) => captionOf(each, faces, cell.width));
  const blocks = Array.from({ length: rows }, (_, row) => {
    const from = row * columns;
    const these = cells.slice(from, from + columns);
    const theirs = captions.slice(from, from + columns);
    const stacked = Math.max(...these.map(({ pictures }) => pictures.length));
    const picturesHeight = stacked * (cell.height + space);
    return { these, theirs, picturesHeight, height: picturesHeight + highest(theirs) + gap };
  });
  const height =
    2 * margin + heightOf(head) + gap + sum(blocks.map((block) => block.height)) + heightOf(foot);
  const canvas = openCanvas(width, height);
  let y = writeLines(canvas, head, margin, margin) + gap;
  for (const { these, theirs, picturesHeight, height: blockHeight } of blocks) {
    for (const [column, { pictures }] of these.entries()) {
      const x = margin + column * (cell.width + gap);
      for (const [index, picture] of pictures.entries())
        placeInCell(canvas, picture, { ...cell, x, y: y + index * (cell.height + space) });
      writeLines(canvas, theirs[column] ?? [], x, y + picturesHeight);
    }
    y += blockHeight;
  }
  writeLines(canvas, foot, margin, y);
  return canvas;
}

/** What the largest of the pictures becomes; all others are fitted into the same. */
function cellSize(cells: readonly SheetCell[]): Size {
  const sizes = cells.flatMap(({ pictures }) => pictures);
  const widest = Math.max(...sizes.map(({ width, height }) => width / Math.max(width, height)));
  const highest = Math.max(...sizes.map(({ width, height }) => height / Math.max(width, height)));
  return {
    width: Math.max(leastCellWidth, Math.round(cellPx * widest)),
    height: Math.round(cellPx * highest),
  };
}

function placeInCell(
  canvas: Canvas,
  { width, height, rgb }: Picture,
  cell: Size & { readonly x: number; readonly y: number },
): void {
  const scale = Math.min(cell.width / width, cell.height / height);
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const { values } = resizePixels({ width, height, channels: 3, values: rgb }, size);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
  const x = cell.x + Math.floor((cell.width - size.width) / 2);
  canvas.place({ ...size, rgb: bytes }, x, cell.y + Math.floor((cell.height - size.height) / 2));
}

/** What stands in one line, all of one face. */
interface Line {
  readonly face: Face;
  /** Left empty above it, in pixels. */
  readonly above: number;
  readonly spans: readonly Span[];
}

interface Span {
  readonly text: string;
  /** From where the line begins. */
  readonly x: number;
  readonly ink: Colour;
}

interface Faces {
  readonly regular: Face;
  readonly bold: Face;
}

interface Room {
  readonly face: Face;
  readonly ink: Colour;
  readonly width: number;
  readonly most?: number | undefined;
}

function linesOf(text: string, { face, ink, width, most }: Room): readonly Line[] {
  const wrapped = wrapText(text, face, most === undefined ? { width } : { width, most });
  return wrapped.map((line) => ({ face, above: 0, spans: [{ text: line, x: 0, ink }] }));
}

function captionOf(
  { title, facts, about }: SheetCell,
  faces: Faces,
  width: number,
): readonly Line[] {
  const main = facts.filter(({ isMain }) => isMain);
  const rest = facts.filter(({ isMain }) => !isMain);
  const draw = (fact: SheetFact): Line => factLine(fact, faces, width);
  return [
    ...linesOf(title, { face: faces.bold, ink: black, width, most: 3 }),
    ...apart(main.map(draw)),
    ...apart(rest.map(draw)),
    ...apart(linesOf(about, { face: faces.regular, ink: grey, width })),
  ];
}

/** The name on the left; values end in one line below each other, with room for the mark after them. */
function factLine({ title, text, isMain, isBest }: SheetFact, faces: Faces, width: number): Line {
  const face = isMain ? faces.bold : faces.regular;
  const ink = isMain ? black : grey;
  const mark = ` ${bestMark}`;
  const value = { text: isBest ? text + mark : text, ink: isBest ? green : ink };
  const end = Math.min(width, mostFactWidth) - faces.bold.widthOf(mark);
  const x = end - face.widthOf(text);
  return {
    face,
    above: 0,
    spans: [
      { text: title, x: 0, ink },
      { ...value, x },
    ],
  };
}

/** From what stands above. */
const apart = (lines: readonly Line[]): readonly Line[] =>
  lines.map((line, index) => (index === 0 ? { ...line, above: space } : line));

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
const heightOf = (lines: readonly Line[]): number =>
  sum(lines.map(({ face, above }) => above + face.lineHeight));
const highest = (blocks: readonly (readonly Line[])[]): number => Math.max(...blocks.map(heightOf));

/** Returns where the next line would begin. */
function writeLines(canvas: Canvas, lines: readonly Line[], x: number, top: number): number {
  let y = top;
  for (const { face, above, spans } of lines) {
    y += above;
    for (const { text, x: indent, ink } of spans) canvas.write(text, x + indent, y, { face, ink });
    y += face.lineHeight;
  }
  return y;
}
