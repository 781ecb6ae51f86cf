// Documents of a text are read one by one and remembered: the YAML package, which reads the whole text, is the oracle.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Document, isMap, isNode, parseAllDocuments } from "yaml";
import { rememberDocuments } from "../../daemon/recipe/document-memory.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import { plain, type Written } from "../../daemon/recipe/written.ts";

const pieces = [
  "prompt: a\n",
  "seed: 7 # lucky\n",
  "# a comment\n",
  "\n",
  "stages:\n  - { size: 8, steps: 1 }\n  - size: 16\n",
  "prompt: |\n  --- not a mark\n  text\n\n",
  'negative: "one\n  --- two"\n',
  "---\n",
  "--- # behind\n",
  "---\r\n",
  "--- { seed: 1 }\n",
  "---",
  "----\n",
  "  ---\n",
  "a: 1\r\n",
];
const broken = ["{ a: [\n", '"', "- x\n", "%YAML 1.2\n", "...\n", "a: b: c\n", "\t\n", "\r", "]"];

const text = (words: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((parts) => parts.join(""));

/** Of a key that is written twice the first one counts here. */
function readBack(contents: unknown): unknown {
  if (!isMap(contents)) return isNode(contents) ? contents.toJS(new Document()) : null;
  const entries = contents.items.map(({ key, value }) => [String(key), readBack(value)] as const);
  return Object.fromEntries(entries.reverse());
}

/** The values of the documents that say something. */
function check(written: string): void {
  const oracle = parseAllDocuments(written, { uniqueKeys: false, logLevel: "silent" });
  if (!Array.isArray(oracle) || oracle.some(({ errors }) => errors.length > 0)) return;
  const values = oracle.map(({ contents }) => readBack(contents)).filter((one) => one !== null);
  expect(readYaml(written).map(({ root }) => plain(root))).toEqual(values);
}

it("documents read one by one are those of the whole text", () =>
  fc.assert(fc.property(text([...pieces, "...\n", "%YAML 1.2\n---\n"]), check)));

it("three dashes in texts of several lines are no mark", () => {
  check("prompt: |\n  --- a\n  b\n---\nprompt: c\n");
  expect(readYaml("prompt: |\n  --- a\n---\nb: 1\n")).toHaveLength(2);
});

it("what is remembered is what would be read, places and problems included", () => {
  const memory = rememberDocuments(20);
  const any = text([...pieces, ...broken]);
  fc.assert(
    fc.property(any, any, (one, other) => {
      for (const each of [one, other, `${one}---\n${other}`, `${other}\n---\n${one}`])
        expect(readYaml(each, memory)).toEqual(readYaml(each));
    }),
  );
});

it("places are those in the whole text", () => {
  const whole = "a: one\r\n# c\n---\nb: [two, three]\n---\nc:\n  d: four\n";
  const scalars = (written: Written): readonly Written[] => {
    if (written.kind === "list") return written.items.flatMap(scalars);
    if (written.kind === "mapping") return written.entries.flatMap(({ value }) => scalars(value));
    return [written];
  };
  const found = readYaml(whole).flatMap(({ root }) => scalars(root));
  const lines = whole.split(/\r?\n/);
  for (const { range } of found) {
    const { start, end } = range;
    expect(lines[start.line]?.slice(start.column, end.column)).toBe(
      whole.slice(start.offset, end.offset),
    );
  }
  expect(found.map(({ range: { start, end } }) => whole.slice(start.offset, end.offset))).toEqual([
    "one",
    "two",
    "three",
    "four",
  ]);
});

it("only what has changed is read again", () => {
  const memory = rememberDocuments();
  const read: string[] = [];
  const counted = {
    read: (piece: string, reader: () => ReturnType<typeof readYaml>) =>
      memory.read(piece, () => {
        read.push(piece);
        return reader();
      }),
  };
  readYaml("a: 1\n---\nb: 2\n---\nc: 3\n", counted);
  readYaml("a: 1\n---\nb: 22\n---\nc: 3\n", counted);
  expect(read).toEqual(["a: 1\n", "---\nb: 2\n", "---\nc: 3\n", "---\nb: 22\n"]);
});
