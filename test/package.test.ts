// What is packaged for the editor: the allow-list .vscodeignore, with the runtime for Linux x64.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { frecas } from "./cli/frecas.ts";
import { openLanguageServer } from "./extension/language-server.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readFileSync(join(root, ".vscodeignore"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("!"))
  .map((line) => line.slice(1));
const folder = mkdtempSync(join(tmpdir(), "frecas-package-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files that an entry stands for: a file, all of a folder (folder/**), or folder/*.ending. */
function matches(entry: string): readonly string[] {
  if (entry.endsWith("/**")) return filesBelow(entry.slice(0, -3));
  const [place = "", ending] = entry.split("/*");
  const names = ending === undefined ? [] : readdirSync(join(root, place));
  if (ending !== undefined)
    return names.filter((name) => name.endsWith(ending)).map((name) => join(place, name));
  return existsSync(join(root, entry)) ? [entry] : [];
}

function filesBelow(place: string): readonly string[] {
  return readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
    .map((name) => join(place, name))
    .filter((path) => statSync(join(root, path)).isFile());
}

it.each(files)("%s stands for something", (entry) => expect(matches(entry)).not.toEqual([]));

it("the built-in vocabularies are packaged with their licences", () => {
  const vocabularies = ["clip/merges.txt", "clip/LICENSE", "t5/tokenizer.json", "t5/LICENSE"];
  const paths = vocabularies.map((name) => join("media", name));
  expect(files.flatMap(matches)).toEqual(expect.arrayContaining(paths));
});

it("the editor's language server answers by itself", async () => {
  const alone = mkdtempSync(join(folder, "language-"));
  for (const path of ["package.json", "dist/language-server.js"]) {
    expect(files).toContain(path);
    cpSync(join(root, path), join(alone, path));
  }
  const server = await openLanguageServer(alone, join(alone, "dist/language-server.js"));
  const { diagnostics } = await server.write("file:///r.frecas", 1, "prompt: a\nsede: 1\n");
  expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-key"]);
});

it.runIf(process.platform === "linux" && process.arch === "x64")(
  "the editor's package paints a picture by itself",
  async () => {
    for (const path of files.flatMap(matches)) cpSync(join(root, path), join(folder, path));
    const stages = "stages: [{ size: 128, steps: 2, until: 200 }, { size: 256, steps: 1 }]";
    const args = ["run", "samples/dawn.frecas", "--set", stages.replace(": ", "=")];
    const cli = join(folder, "dist/cli.js");
    const ended = await frecas([...args, "--set", "output=lake.png"], { cwd: folder, cli });
    expect(ended).toMatchObject({ code: 0, out: `${join(folder, "samples/lake.png")}\n` });
  },
);
