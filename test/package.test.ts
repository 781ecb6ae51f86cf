// What is packaged: package.json's `files`, one allow-list that npm and the editor's packager both read. The editor's
// package brings the runtime for Linux x64 along; npm leaves node_modules out and installs them itself.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { frecas } from "./cli/frecas.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly files: readonly string[];
};
const folder = mkdtempSync(join(tmpdir(), "frecas-package-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files that an entry stands for: a file, all of a folder, or folder/*.ending. */
function matches(entry: string): readonly string[] {
  const [place = "", ending] = entry.split("/*");
  const names = ending === undefined ? [] : readdirSync(join(root, place));
  if (ending !== undefined)
    return names.filter((name) => name.endsWith(ending)).map((name) => join(place, name));
  return statSync(join(root, entry)).isDirectory()
    ? readdirSync(join(root, entry), { recursive: true, encoding: "utf8" })
        .map((name) => join(entry, name))
        .filter((path) => statSync(join(root, path)).isFile())
    : [entry];
}

it.each(files)("%s stands for something", (entry) => expect(matches(entry)).not.toEqual([]));

it.runIf(process.platform === "linux" && process.arch === "x64")(
  "the editor's package paints a picture by itself",
  async () => {
    for (const path of ["package.json", ...files.flatMap(matches)])
      cpSync(join(root, path), join(folder, path));
    const stages = "stages: [{ size: 128, steps: 2, until: 200 }, { size: 256, steps: 1 }]";
    const args = ["run", "samples/dawn.frecas", "--set", stages.replace(": ", "=")];
    const cli = join(folder, "dist/cli.js");
    const ended = await frecas([...args, "--set", "output=lake.png"], { cwd: folder, cli });
    expect(ended).toMatchObject({ code: 0, out: `${join(folder, "samples/lake.png")}\n` });
  },
);

it("npm's package has the command and its model, and neither tests nor packages", () => {
  const text = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files: packed }] = JSON.parse(text) as [{ files: readonly { path: string }[] }];
  const folders = new Set(packed.map(({ path }) => path.split("/")[0]));
  expect([...folders].sort()).toEqual(
    [
      ...["CHANGELOG.md", "LICENSE", "README.md", "package.json"],
      ...["dist", "extension", "media", "samples", "syntaxes"],
    ].sort(),
  );
  expect(packed.map(({ path }) => path)).toContain("media/models/vista/model_index.json");
});
