// The catalogue as a table of 80 columns: a heading for each place, a line for each model, and below it what
// is missing or why it cannot be used.
import type { CatalogueEntry, ModelState } from "../catalogue/catalogue-entry.ts";

const columns = 80;
const nameWidth = 44;

/** `home` is written ~ in paths. */
export function showCatalogue(entries: readonly CatalogueEntry[], home: string): readonly string[] {
  const shorten = (text: string): string => text.replaceAll(`${home}/`, "~/");
  const headingOf = ({ source, place }: CatalogueEntry): string =>
    source === "built-in" ? titles[source] : `${titles[source]}: ${shorten(place)}`;
  const headings = [...new Set(entries.map(headingOf))];
  return [
    ...headings.flatMap((heading) => [
      heading,
      ...entries
        .filter((entry) => headingOf(entry) === heading)
        .flatMap((entry) => show(entry, shorten)),
      "",
    ]),
    summary(entries),
  ];
}

const titles: Readonly<Record<CatalogueEntry["source"], string>> = {
  "built-in": "Built in",
  huggingface: "Hugging Face cache",
  comfyui: "ComfyUI",
  a1111: "A1111 / Forge",
  folder: "Folder",
};

function show(entry: CatalogueEntry, shorten: (text: string) => string): readonly string[] {
  const { name, facts, bytes, state } = entry;
  const cells = [
    (facts?.family ?? "").padEnd(5),
    (facts === null ? "" : `${facts.nativePx} px`).padStart(7),
    (facts?.precision ?? "").padEnd(5),
    size(bytes).padStart(8),
  ].join(" ");
  const long = name.length > nameWidth;
  const line = `  ${(long ? "" : name).padEnd(nameWidth)} ${cells}`.trimEnd();
  // The path is what a line is about, so it is not said again.
  const sentences = sentencesOf(state).map((one) => shorten(one.replaceAll(entry.path, name)));
  return [
    ...(long ? [`  ${name}`] : []),
    line,
    ...sentences.flatMap((sentence) => wrap(sentence, columns - 6).map((row) => `      ${row}`)),
  ];
}

function sentencesOf(state: ModelState): readonly string[] {
  switch (state.kind) {
    case "complete":
      return [];
    case "incomplete":
      return state.missing.map((sentence) => `incomplete: ${sentence}`);
    case "refused":
      return [`cannot be used: ${state.why}`];
    default:
      return state satisfies never;
  }
}

/** Words longer than a row stay whole, so that paths can be copied. */
function wrap(text: string, width: number): readonly string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    if (row !== "" && row.length + 1 + word.length > width) {
      rows.push(row);
      row = word;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  return [...rows, row];
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function summary(entries: readonly CatalogueEntry[]): string {
  const count = (kind: ModelState["kind"]): number =>
    entries.filter(({ state }) => state.kind === kind).length;
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const complete = count("complete");
  return [
    `${complete} ${complete === 1 ? "model" : "models"} can paint`,
    `${count("incomplete")} incomplete`,
    `${count("refused")} cannot be used`,
    `${size(bytes)} in all`,
  ].join(", ");
}
