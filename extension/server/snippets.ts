// Snippets from the table of keys: the example of a key with tab stops where its values are, or its words to choose from.
import { parse } from "yaml";
import { type Explained, KEYS, type Key, type KeyName } from "../../daemon/recipe/keys.ts";
import { quoteWhereNeeded } from "../../daemon/recipe/quote.ts";
import { hasFields, isList } from "./meaning.ts";

/** `key: value` with the value to be typed over. */
export function keySnippet(
  name: KeyName,
  place: { readonly isInFlow: boolean; readonly isSwept: boolean },
): string {
  if (place.isSwept) return `${name}: [${valueSnippet(name, true)}]`;
  if (name === "compare") return place.isInFlow ? `compare: [{ $0 }]` : `compare:\n  - { $0 }`;
  if (name === "sweep") return `sweep: { $0 }`;
  if (hasFields(name) && isList(name) && !place.isInFlow)
    return `${name}:\n  ${itemSnippets(name).join("\n  ")}`;
  return `${name}: ${wholeSnippet(name, place.isInFlow)}`;
}

/** A field of a mapping inside a value. */
export function fieldSnippet(name: string, example: string, isInFlow: boolean): string {
  return `${name}: \${1:${escaped(isInFlow ? exampleInFlow(example) : example)}}`;
}

/** The example of a key with fields: behind the key, on lines of their own, or one item of its list. */
export function exampleSnippet(
  name: KeyName,
  form: "brackets" | "lines" | "item",
): { readonly label: string; readonly text: string } {
  const text = formSnippet(name, form);
  const label = text.replace(/\$\{\d+:([^}]*)\}/g, "$1").split("\n");
  return { label: label.length > 1 ? `${label[0]} …` : label.join(), text };
}

function formSnippet(name: KeyName, form: "brackets" | "lines" | "item"): string {
  switch (form) {
    case "brackets":
      return wholeSnippet(name, true);
    case "lines":
      return itemSnippets(name).join("\n");
    case "item":
      return fieldsSnippet(name);
    default:
      return form satisfies never;
  }
}

function wholeSnippet(name: KeyName, isInFlow: boolean): string {
  if (!hasFields(name)) return valueSnippet(name, isInFlow);
  if (!isList(name)) return fieldsSnippet(name);
  return `[${itemSnippets(name)
    .map((item) => item.slice(2))
    .join(", ")}]`;
}

function valueSnippet(name: KeyName, isInFlow: boolean): string {
  if (hasFields(name)) return wholeSnippet(name, true);
  const { words, example }: Key = KEYS[name];
  if (words.length > 1) return `\${1|${words.join(",")}|}`;
  return `\${1:${escaped(isInFlow ? exampleInFlow(example) : example)}}`;
}

/** A list's items with their dashes: one, but two stages, for the last one of a cascade ends at 0. */
function itemSnippets(name: KeyName): readonly string[] {
  const first = `- ${fieldsSnippet(name)}`;
  return name === "stages" ? [first, `- { size: \${4:1024}, steps: \${5:10} }`] : [first];
}

/** `{ a: 1, b: 2 }` with a tab stop for each value. */
function fieldsSnippet(name: KeyName): string {
  const fields: Readonly<Record<string, Explained>> = KEYS[name].fields;
  const stops = Object.entries(fields).map(
    ([field, { example }], index) =>
      `${field}: \${${index + 1}:${escaped(exampleInFlow(example))}}`,
  );
  return `{ ${stops.join(", ")} }`;
}

/** A value as the table of keys has it, which brackets may end too early. */
function exampleInFlow(example: string): string {
  const value: unknown = parse(example);
  return typeof value === "string" ? quoteWhereNeeded(value, true) : example;
}

/** Signs that snippets read as their own. */
function escaped(text: string): string {
  return text.replace(/[$}\\]/g, "\\$&");
}
