// A comparison as text: Markdown with the contact sheet in it, and a table for the terminal.
import { type Column, columnsOf } from "./columns.ts";
import type { Comparison } from "./comparison.ts";

/** `sheet` and `nameOf` are relative to the folder that the text is in. */
export function comparisonMarkdown(
  comparison: Comparison,
  { sheet, nameOf }: { readonly sheet: string; nameOf(path: string): string },
): string {
  const columns = columnsOf(comparison);
  const cells = tableOf(comparison, columns);
  const row = (texts: readonly string[]): string => `| ${texts.map(escaped).join(" | ")} |`;
  const pictures = comparison.compared.map(
    ({ label, pictures: paths }) =>
      `- ${escaped(label)}: ${paths.map((path) => `[${escaped(nameOf(path))}](${encodeURI(nameOf(path))})`).join(", ")}`,
  );
  const sections = [
    [`# ${escaped(comparison.name)}`],
    aboutLines(comparison).map(escaped),
    [`![The pictures side by side](${encodeURI(sheet)})`],
    [row(cells[0] ?? []), row(["---", ...columns.map(() => "---:")]), ...cells.slice(1).map(row)],
    leftOutLines(comparison).map((line) => `- ${escaped(line)}`),
    ["What the numbers say:"],
    columns.map(({ title, meaning }) => `- **${title}**: ${meaning}`),
    ["Pictures:"],
    pictures,
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Lines for people: the table, what was left out, and what the numbers say. */
export function comparisonLines(comparison: Comparison): readonly string[] {
  const columns = columnsOf(comparison);
  const cells = tableOf(comparison, columns);
  const width = (text = ""): number => [...text].length;
  const widths = [...cells[0].keys()].map((column) =>
    Math.max(...cells.map((row) => width(row[column]))),
  );
  const fill = (text: string, column: number): string =>
    " ".repeat((widths[column] ?? 0) - width(text));
  const table = cells.map((row) =>
    row
      .map((text, column) => (column === 0 ? text + fill(text, column) : fill(text, column) + text))
      .join("  ")
      .trimEnd(),
  );
  const meanings = columns.map(({ title, meaning }) => `${title}: ${meaning}`);
  return [...table, ...leftOutLines(comparison), "", ...meanings];
}

/** What was painted: the same words on the sheet and in the text. */
export function aboutLines({ model, seed, prompts }: Comparison): readonly string[] {
  const [first = "", ...others] = prompts;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [`${model}, seed ${seed}`, `“${first}”${more}`];
}

/** What could not be painted, a sentence each. */
export function leftOutLines({ leftOut }: Comparison): readonly string[] {
  return leftOut.map(({ label, why }) => `${label} is left out: ${why}`);
}

/** Header and rows. */
function tableOf(
  { compared }: Comparison,
  columns: readonly Column[],
): readonly [readonly string[], ...(readonly string[])[]] {
  return [
    ["", ...columns.map(({ title }) => title)],
    ...compared.map((each, index) => [
      each.label,
      ...columns.map((column) => column.show(each, index)),
    ]),
  ];
}

/** So that a recipe's own words are no Markdown. */
const escaped = (text: string): string =>
  text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");
