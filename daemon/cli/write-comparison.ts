// A comparison as files in its folder: the contact sheet, and the table as Markdown and as JSON. Each is written whole.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileSafely } from "../base/write-file.ts";
import { type Comparison, comparisonJson } from "../compare/comparison.ts";
import { drawSheet, type SheetCell } from "../compare/draw-sheet.ts";
import { bestLegend, factsOf, headingsOf } from "../compare/facts.ts";
import { aboutLines, comparisonMarkdown, leftOutLines } from "../compare/print-comparison.ts";
import type { Picture } from "../image/picture.ts";
import { decodePicture } from "../image/read-picture.ts";
import { encodePng } from "../image/write-png.ts";

/** Names in the folder; pictures lie beside them. */
export const comparisonFiles = {
  sheet: "contact-sheet.png",
  markdown: "comparison.md",
  json: "comparison.json",
} as const;

/** More are not drawn; the table counts them all. */
const mostPictures = 4;

/** Rejects with `outputFailed`. */
export async function writeComparison(comparison: Comparison, folder: string): Promise<void> {
  const { sheet, markdown, json } = comparisonFiles;
  await writeFileSafely(join(folder, sheet), await encodePng(sheetOf(comparison), {}));
  const text = comparisonMarkdown(comparison, sheet);
  await writeFileSafely(join(folder, markdown), text);
  const data = comparisonJson(comparison, sheet);
  await writeFileSafely(join(folder, json), `${JSON.stringify(data, null, 2)}\n`);
}

function sheetOf(comparison: Comparison): Picture {
  const { name, compared, small } = comparison;
  const facts = factsOf(comparison);
  const paths = [...compared.map(({ pictures }) => pictures), ...(small ? [small.pictures] : [])];
  const cells = headingsOf(comparison).map((title, index): SheetCell => {
    const told = facts.map(({ values, ...fact }) => ({
      ...fact,
      ...(values[index] as (typeof values)[number]),
    }));
    return {
      pictures: picturesIn(paths[index] ?? []),
      title,
      facts: told.filter(({ text }) => text !== ""),
      about: index < compared.length ? "" : aboutSmall,
    };
  });
  return drawSheet({
    title: name,
    about: aboutLines(comparison),
    cells,
    notes: [
      [bestLegend, ...leftOutLines(comparison)],
      facts.map(({ title, meaning }) => `${title}: ${meaning}`),
    ],
  });
}

const aboutSmall =
  "What it paints at the size it was trained at. Distances are measured from this picture.";

const picturesIn = (paths: readonly string[]): readonly Picture[] =>
  paths.slice(0, mostPictures).map((path) => decodePicture(readFileSync(path), path));
