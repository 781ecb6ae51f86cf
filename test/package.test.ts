// What is packaged for the editor: what .vscodeignore allows, with the runtime of the target.
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
import { decodePng } from "../daemon/image/read-png.ts";
import { frecas } from "./cli/frecas.ts";
import { openLanguageServer } from "./extension/language-server.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { packageTargets, stagePackage } = await import(
  new URL("../scripts/stage-package.mjs", import.meta.url).href
);
const folder = mkdtempSync(join(tmpdir(), "frecas-package-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function staged(target: string): Promise<string> {
  const stage = join(folder, target);
  if (!existsSync(stage)) await stagePackage(target, stage);
  return stage;
}

function filesBelow(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(place, path)).isFile(),
  );
}

const allowed = readFileSync(join(root, ".vscodeignore"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("!"))
  .map((line) => line.slice(1));

it.each(allowed)("%s stands for something that is packaged", async (entry) => {
  const [start = "", ending = ""] = entry.split(/\*+/);
  const found = filesBelow(await staged("linux-x64")).filter(
    (path) => path.startsWith(start) && path.endsWith(ending),
  );
  expect(found).not.toEqual([]);
});

it("what the package's manifest names is packaged", async () => {
  const stage = await staged("linux-x64");
  const manifest = readFileSync(join(stage, "package.json"), "utf8");
  const named = [
    ...manifest.matchAll(/"\.?\/?((?:dist|media|extension|snippets|syntaxes)\/[^"]+)"/g),
  ];
  expect(named.length).toBeGreaterThan(3);
  expect(filesBelow(stage)).toEqual(expect.arrayContaining(named.map(([, path]) => path)));
});

it.each(packageTargets as string[])(
  "the package for %s holds that system's library alone",
  async (target) => {
    const libraries = filesBelow(await staged(target)).filter((path) => path.endsWith(".node"));
    const place = `dist/node_modules/onnxruntime-node/bin/napi-v6/${target.replace("-", "/")}`;
    expect(libraries).toEqual([`${place}/onnxruntime_binding.node`]);
  },
);

it("the extension's page begins with the editor, and shows and links nothing that it cannot", async () => {
  const stage = await staged("linux-x64");
  const readme = readFileSync(join(stage, "README.md"), "utf8");
  const changes = readFileSync(join(stage, "CHANGELOG.md"), "utf8");
  const [, first] = /^## .*\n\n1\. (.*)/m.exec(readme) ?? [];
  expect(first).toContain("`FreCaS: Get Started`");
  expect(readme).toContain("\n### The results panel\n");
  // The editor's page shows pictures of the web alone, and follows links to the web alone.
  const shown = [...`${readme}${changes}`.matchAll(/\]\(([^)]+)\)|<img[^>]*>|^\[[^\]]+\]:.*/gm)];
  expect(shown.map(([all, target]) => target ?? all)).toEqual(["https://arxiv.org/abs/2410.18410"]);
});

it("the extension has an icon that is large enough", async () => {
  const stage = await staged("linux-x64");
  const { icon } = JSON.parse(readFileSync(join(stage, "package.json"), "utf8"));
  const { width, height } = decodePng(readFileSync(join(stage, icon)), icon);
  expect({ width, height }).toEqual({ width: 256, height: 256 });
});

it("the package names no other package to install", async () => {
  const manifest = JSON.parse(
    readFileSync(join(await staged("linux-x64"), "package.json"), "utf8"),
  );
  expect(Object.keys(manifest)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/ependencies|scripts/)]),
  );
});

it("the built-in vocabularies are packaged with their licences", async () => {
  const vocabularies = ["clip/merges.txt", "clip/LICENSE", "t5/tokenizer.json", "t5/LICENSE"];
  const paths = vocabularies.map((name) => join("media", name));
  expect(filesBelow(await staged("linux-x64"))).toEqual(expect.arrayContaining(paths));
});

it("the editor's language server answers by itself", async () => {
  const alone = mkdtempSync(join(folder, "language-"));
  const stage = await staged("linux-x64");
  for (const path of ["package.json", "dist/language-server.js"])
    cpSync(join(stage, path), join(alone, path));
  const server = await openLanguageServer(alone, join(alone, "dist/language-server.js"));
  const { diagnostics } = await server.write("file:///r.frecas", 1, "prompt: a\nsede: 1\n");
  expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-key"]);
});

it.runIf(process.platform === "linux" && process.arch === "x64")(
  "the editor's package paints a picture by itself",
  async () => {
    const stage = await staged("linux-x64");
    const stages = "stages=[{ size: 128, steps: 2, until: 200 }, { size: 256, steps: 1 }]";
    const args = ["run", "samples/dawn.frecas", "--set", stages];
    const cli = join(stage, "dist/cli.js");
    const ended = await frecas([...args, "--set", "output=lake.png"], { cwd: stage, cli });
    expect(ended).toMatchObject({ code: 0, out: `${join(stage, "samples/lake.png")}\n` });
  },
);
