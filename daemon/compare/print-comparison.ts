// A comparison as text: Markdown with the contact sheet in it, and a table for the terminal.

import { basename } from "node:path";
import { withoutAdvice } from "../base/failure.ts";
import type { Comparison } from "./comparison.ts";
import { bestLegend, bestMark, factsOf, headingsOf } from "./facts.ts";
import { wrapText } from "./wrap-text.ts";

/** For the folder that sheet and pictures lie in: these are told by their names. */
export function comparisonMarkdown(comparison: Comparison, sheet: string): string {
  const facts = factsOf(comparison);
  const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;
  const labels = headingsOf(comparison).map(escaped);
  const rows = facts.map(({ title, values }) =>
    row([title, ...values.map(({ text, isBest }) => (isBest ? `**${text}** ${bestMark}` : text))]),
  );
  const link = (name: string): string => `[${escaped(name)}](${encodeURI(name)})`;
  const pictures = comparison.compared.map(
    ({ label, pictures: paths }) =>
      `- ${escaped(label)}: ${paths.map((path) => link(basename(path))).join(", ")}`,
  );
  const sections = [
    [`# ${escaped(comparison.name)}`],
    aboutLines(comparison).map(escaped),
    [`![The pictures side by side](${encodeURI(sheet)})`],
    [row(["", ...labels]), row(["---", ...labels.map(() => "---:")]), ...rows],
    [bestLegend],
    leftOutLines(comparison).map((line) => `- ${escaped(line)}`),
    ["What the numbers say:"],
    facts.map(({ title, meaning }) => `- **${title}**: ${meaning}`),
    ["Pictures:"],
    pictures,
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Of a terminal, in letters. */
const lineWidth = 80;

/** Lines for people: the table, what was left out, and what the numbers say. */
export function comparisonLines(comparison: Comparison): readonly string[] {
  const facts = factsOf(comparison);
  const columns = headingsOf(comparison).map((label, index) =>
    columnOf(
      label,
      facts.map(({ values }) => {
        const value = values[index];
        return `${value?.text} ${value?.isBest ? bestMark : " "}`;
      }),
    ),
  );
  const names = facts.map(({ title }) => title);
  const nameWidth = Math.max(...names.map(lettersIn));
  const meanings = facts.map(({ title, meaning }) => `${title}: ${meaning}`);
  return [
    ...besideEachOther(columns, lineWidth - nameWidth).flatMap((some) => [
      ...tableLines(names, some),
      "",
    ]),
    ...leftOutLines(comparison),
    bestLegend,
    "",
    ...meanings,
  ];
}

interface TextColumn {
  readonly head: readonly string[];
  readonly values: readonly string[];
  /** With what parts it from the one before. */
  readonly width: number;
}

/** A long label is broken, since there is room for several columns only where each is narrow. */
function columnOf(label: string, values: readonly string[]): TextColumn {
  const least = Math.max(12, ...values.map(lettersIn));
  const head = wrapText(label, { widthOf: lettersIn }, { width: least });
  return { head, values, width: 2 + Math.max(...[...head, ...values].map(lettersIn)) };
}

/** As many in each table as `room` holds. */
function besideEachOther(
  columns: readonly TextColumn[],
  room: number,
): readonly (readonly TextColumn[])[] {
  const tables: TextColumn[][] = [];
  let left = 0;
  for (const column of columns) {
    if (column.width > left) {
      tables.push([]);
      left = room;
    }
    tables.at(-1)?.push(column);
    left -= column.width;
  }
  return tables;
}

function tableLines(names: readonly string[], columns: readonly TextColumn[]): readonly string[] {
  const heads = Math.max(...columns.map(({ head }) => head.length));
  const nameWidth = Math.max(...names.map(lettersIn));
  const line = (name: string, texts: readonly string[]): string =>
    [
      name.padEnd(nameWidth),
      ...texts.map((text, index) => text.padStart(columns[index]?.width ?? 0)),
    ]
      .join("")
      .trimEnd();
  return [
    ...Array.from({ length: heads }, (_, row) =>
      line(
        "",
        columns.map(({ head }) => `${head[row - heads + head.length] ?? ""}  `),
      ),
    ),
    ...names.map((name, row) =>
      line(
        name,
        columns.map(({ values }) => values[row] ?? ""),
      ),
    ),
  ];
}

const lettersIn = (text: string): number => [...text].length;

/** What was painted: the same words on the sheet and in the text. */
export function aboutLines({ model, seed, prompts }: Comparison): readonly string[] {
  const [first = "", ...others] = prompts;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [`${model}, seed ${seed}`, `“${first}”${more}`];
}

/** What could not be painted, a sentence each. */
export function leftOutLines({ leftOut }: Comparison): readonly string[] {
  return leftOut.map(({ label, why }) => `${label} is left out: ${withoutAdvice(why)}`);
}

/** So that a recipe's own words are no Markdown. */
const escaped = (text: string): string =>
  text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");
