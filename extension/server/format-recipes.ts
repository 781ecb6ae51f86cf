// A recipe file in its usual form: two spaces deeper inside each key, one space behind a colon, braces with spaces inside,
// no blank lines around `---`. Only white space changes; what YAML reads and every comment stay what they are.
import { isDeepStrictEqual } from "node:util";
import { Lexer, parseAllDocuments } from "yaml";
import type { DocumentMemory } from "../../daemon/recipe/document-memory.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import { plain } from "../../daemon/recipe/written.ts";
import { formatLines } from "./format-lines.ts";
import { formatNode } from "./format-node.ts";
import { type Edit, openSheet } from "./format-sheet.ts";
import type { RecipeText } from "./recipe-text.ts";

/** From the text's end to its beginning, none over another. None for a text with mistakes of YAML. */
export function formatRecipes({
  text,
  memory,
}: Pick<RecipeText, "text" | "memory">): readonly Edit[] {
  // A lone \r is a line's end for editors and none for YAML.
  if (/\r(?!\n)/.test(text) || readYaml(text, memory).some(({ legible }) => !legible)) return [];
  const sheet = openSheet(text);
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
  if (!Array.isArray(documents)) return [];
  for (const { contents } of documents) formatNode(contents, 0, sheet);
  formatLines(sheet);
  const edits = sheet.edits();
  const written = applyEdits(text, edits);
  const meaning = (one: string) => meaningOf(one, memory);
  return isDeepStrictEqual(meaning(text), meaning(written)) ? edits : [];
}

/** `edits` from the text's end to its beginning. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce(
    (written, { start, end, newText }) => written.slice(0, start) + newText + written.slice(end),
    text,
  );
}

/** What must stay: values, problems and comments. */
function meaningOf(text: string, memory: DocumentMemory) {
  const documents = readYaml(text, memory);
  return {
    values: documents.map(({ root, legible }) => [legible, plain(root)]),
    problems: documents.flatMap(({ problems }) => problems.map(({ message }) => message)),
    comments: [...new Lexer().lex(text)]
      .filter((token) => token.startsWith("#"))
      .map((token) => token.trimEnd()),
  };
}
