// Tables and lists of facts: all that is drawn can be read here too.
import type { Fact, NoiseFigure, TextTable } from "../../plan-view/plan-messages.ts";
import { html } from "../make-element.ts";
import { showLogSnr } from "./plot-noise.ts";

interface TableLooks {
  /** Of the element that scrolls. */
  readonly id: string;
  readonly caption: string;
  /** What stands before the first cell's text of a row. */
  readonly before?: (row: readonly string[]) => readonly Node[];
  /** The last row is the sum of those above. */
  readonly hasSum?: true;
}

export function makeTable(
  { header, rows }: TextTable,
  { id, caption, before = () => [], hasSum }: TableLooks,
): HTMLElement {
  const isNumeric = header.map((_, column) =>
    rows.every((row) => /^[\d.∞−-]+( %)?$/.test(row[column] ?? "")),
  );
  const align = (column: number): Record<string, string> =>
    isNumeric[column] ? { class: "number" } : {};
  const cell = (row: readonly string[], text: string, column: number): HTMLElement =>
    column === 0
      ? html("th", { scope: "row", ...align(column) }, ...before(row), text)
      : html("td", align(column), unbroken(text));
  const table = html(
    "table",
    hasSum ? { class: "sum" } : {},
    html("caption", { class: "unseen" }, caption),
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        ...header.map((text, column) => html("th", { scope: "col", ...align(column) }, text)),
      ),
    ),
    html(
      "tbody",
      {},
      ...rows.map((row) => html("tr", {}, ...row.map((text, column) => cell(row, text, column)))),
    ),
  );
  // Scrolled by keyboard where the page is narrower than the table.
  return html(
    "div",
    { id, class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    table,
  );
}

/** Lines are broken behind commas only. */
const unbroken = (text: string): string => text.replaceAll(/(?<!,) /g, "\u00a0");

export function makeFacts(facts: readonly Fact[], className: string): HTMLElement {
  return html(
    "dl",
    { class: className },
    ...facts.map(({ label, value }) =>
      html("div", {}, html("dt", {}, label), html("dd", {}, value)),
    ),
  );
}

/** A row for each network call. */
export function makeStepTable({ stages, symbol }: NoiseFigure): HTMLElement {
  const rows = stages.flatMap((points, stage) =>
    points.map(({ timestep, noise, logSnr }, step) => [
      `${stage + 1}`,
      `${step + 1}`,
      `${timestep}`,
      noise.toFixed(4),
      showLogSnr(logSnr),
    ]),
  );
  return makeTable(
    { header: ["stage", "step", "timestep", symbol, "log-SNR"], rows },
    { id: "step-table", caption: "Every step" },
  );
}
