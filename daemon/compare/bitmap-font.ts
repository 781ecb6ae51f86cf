// Letters as small grey pictures, for captions that need neither a font of the system nor a native package.
// media/fonts/make_font.py draws them. Characters that the font lacks are boxes.
import { inflateSync } from "node:zlib";
import faces from "../../media/fonts/dejavu-sans.json" with { type: "json" };

export type FaceName = keyof typeof faces;

interface Glyph {
  /** Pixels to where the next letter begins. */
  readonly advance: number;
  /** Where its picture begins, from the pen and from the top of the line. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0 paper … 255 ink, row by row. */
  readonly alpha: Uint8Array;
}

export interface Face {
  /** From one line to the next, in pixels. */
  readonly lineHeight: number;
  glyphsOf(text: string): readonly Glyph[];
  /** Of one line, in pixels. */
  widthOf(text: string): number;
}

/** The face with its letters unpacked. */
export function openFace(name: FaceName): Face {
  const { glyphs, height, alpha } = faces[name];
  const pixels = inflateSync(Buffer.from(alpha, "base64"));
  const known = new Map<number, Glyph>();
  let offset = 0;
  for (const [code = 0, advance = 0, left = 0, top = 0, wide = 0, high = 0] of glyphs) {
    const end = offset + wide * high;
    const picture = pixels.subarray(offset, end);
    known.set(code, { advance, left, top, width: wide, height: high, alpha: picture });
    offset = end;
  }
  const box = known.get("□".charCodeAt(0)) as Glyph;
  const glyphsOf = (text: string): readonly Glyph[] =>
    [...text].map((letter) => known.get(letter.codePointAt(0) as number) ?? box);
  return {
    lineHeight: Math.round(height * 1.15),
    glyphsOf,
    widthOf: (text) => glyphsOf(text).reduce((sum, { advance }) => sum + advance, 0),
  };
}
