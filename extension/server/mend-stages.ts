// Fixes of a cascade that need more than one place: the last stage that is missing, and the timestep at which a stage ends.
import type { CodeAction, Diagnostic, Position, TextEdit } from "vscode-languageserver";
import { type Positions, positionsOf } from "../../daemon/recipe/positions.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import { sizeSchema, writeSize } from "../../daemon/recipe/value-schemas.ts";
import { at, type Written } from "../../daemon/recipe/written.ts";
import { toLspRange } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/** One action at most for each diagnostic. Numbers are those that the published presets have most often. */
export function mendStages(
  { text, memory }: Pick<RecipeText, "text" | "memory">,
  diagnostics: readonly Diagnostic[],
  uri: string,
): CodeAction[] {
  const documents = readYaml(text, memory);
  const positions = positionsOf(text);
  return diagnostics.flatMap((diagnostic): CodeAction[] => {
    const { start } = diagnostic.range;
    const document = documents.findLast(({ root }) => root.range.start.line <= start.line);
    const cascade = document && cascadeOf(document.root, { text, positions });
    const mended = cascade && mend(diagnostic, cascade);
    if (mended === undefined) return [];
    const { title, edits } = mended;
    const edit = { changes: { [uri]: [...edits] } };
    return [{ title, kind: "quickfix", diagnostics: [diagnostic], edit }];
  });
}

interface Sheet {
  readonly text: string;
  readonly positions: Positions;
}

interface Cascade extends Sheet {
  readonly items: readonly Written[];
  /** As it is written; undefined where it is not. */
  readonly size: string | undefined;
}

function cascadeOf(root: Written, sheet: Sheet): Cascade | undefined {
  const stages = at(root, ["stages"]);
  if (stages?.kind !== "list" || stages.items.length === 0) return undefined;
  const size = at(root, ["size"]);
  return { ...sheet, items: stages.items, size: size?.kind === "scalar" ? size.source : undefined };
}

interface Mended {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

function mend(diagnostic: Diagnostic, cascade: Cascade): Mended | undefined {
  const last = cascade.items.at(-1);
  switch (diagnostic.code) {
    case "until-missing": {
      const item = cascade.items.find((one) => isAt(one, diagnostic.range.start));
      return item && { title: `Write until: ${usualUntil}`, edits: [writeUntil(item, cascade)] };
    }
    case "until-not-zero":
      return last && addStage(last, cascade, []);
    case "size-disagrees":
      return last && addStage(last, cascade, [writeUntil(last, cascade)]);
    default:
      return undefined;
  }
}

function isAt({ range: { start, end } }: Written, { line, character }: Position): boolean {
  const isBehind = line > start.line || (line === start.line && character >= start.column);
  return isBehind && (line < end.line || (line === end.line && character < end.column));
}

/** The size that the recipe says, or twice that of the last stage; undefined where that would not be larger. */
function addStage(
  last: Written,
  cascade: Cascade,
  before: readonly TextEdit[],
): Mended | undefined {
  const from = sizeOf(at(last, ["size"]));
  if (from === undefined) return undefined;
  const wanted = sizeSchema.safeParse(cascade.size);
  const to = wanted.success ? wanted.data : { width: from.width * 2, height: from.height * 2 };
  const isLarger =
    to.width >= from.width &&
    to.height >= from.height &&
    to.width * to.height > from.width * from.height;
  if (!isLarger) return undefined;
  const stage = `{ size: ${writeSize(to)}, steps: ${usualSteps} }`;
  const dash = dashBefore(last, cascade);
  const newText = dash === undefined ? `, ${stage}` : `\n${" ".repeat(dash)}- ${stage}`;
  return {
    title: `Add the last stage, ${stage}`,
    edits: [...before, insert(endOf(last, dash !== undefined, cascade), newText, cascade)],
  };
}

function sizeOf(written: Written | undefined) {
  const size = sizeSchema.safeParse(written?.kind === "scalar" ? written.value : undefined);
  return size.success ? size.data : undefined;
}

/** In the place of the one that is written: a last stage may say `until: 0`. */
function writeUntil(item: Written, sheet: Sheet): TextEdit {
  const written = at(item, ["until"])?.range;
  if (written !== undefined) return { range: toLspRange(written), newText: String(usualUntil) };
  const isInBraces = sheet.text.charAt(item.range.start.offset) === "{";
  const end = item.kind === "mapping" ? item.entries.at(-1)?.value.range.end.offset : undefined;
  const indent = `\n${" ".repeat(item.range.start.column)}`;
  return insert(
    end ?? item.range.end.offset,
    `${isInBraces ? ", " : indent}until: ${usualUntil}`,
    sheet,
  );
}

/** The column of the dash that the item stands behind; undefined in brackets. */
function dashBefore({ range: { start } }: Written, { text }: Sheet): number | undefined {
  const line = text.slice(start.offset - start.column, start.offset);
  return /^ *-\s+$/.test(line) ? line.indexOf("-") : undefined;
}

/** A comment behind an item of lines stays where it is. */
function endOf({ range: { end } }: Written, isOfLines: boolean, { text }: Sheet): number {
  return isOfLines ? end.offset + text.slice(end.offset).search(/[\r\n]|$/) : end.offset;
}

function insert(offset: number, newText: string, { positions }: Sheet): TextEdit {
  const { line, column } = positions.range(offset, offset).start;
  const place = { line, character: column };
  return { range: { start: place, end: place }, newText };
}

/** Of most published presets. */
const usualUntil = 200;
const usualSteps = 10;
