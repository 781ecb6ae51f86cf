// A text as lines that are no wider than there is room.
import type { Face } from "./bitmap-font.ts";

/** Broken at spaces, and inside of words that are too wide; at most `most` lines, the last one ending in "…" where more would follow. */
export function wrapText(
  text: string,
  face: Pick<Face, "widthOf">,
  { width, most = Number.POSITIVE_INFINITY }: { readonly width: number; readonly most?: number },
): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, face, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (face.widthOf(longer) <= width) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = word;
    }
  }
  if (line !== "") lines.push(line);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), shorten(lines[most - 1] as string, face, width)];
}

function pieces(word: string, face: Pick<Face, "widthOf">, width: number): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (const letter of word) {
    if (part !== "" && face.widthOf(part + letter) > width) {
      parts.push(part);
      part = "";
    }
    part += letter;
  }
  return [...parts, part];
}

function shorten(line: string, face: Pick<Face, "widthOf">, width: number): string {
  const letters = [...line];
  while (letters.length > 0 && face.widthOf(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}
