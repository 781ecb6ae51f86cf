// The files of the editor's package in a folder of their own: those that .vscodeignore allows, the text of the extension's
// page, and ONNX Runtime for one target. The bundles hold all other packages; the runtime lies beside them in
// dist/node_modules, where they look first.
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vsce from "@vscode/vsce";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Platforms of the editor for which onnxruntime-node has a library. */
export const packageTargets = [
  "linux-x64",
  "linux-arm64",
  "darwin-arm64",
  "win32-x64",
  "win32-arm64",
];

/** Writes the package's files for `target` into the empty folder `stage`. Needs the build. */
export async function stagePackage(target, stage) {
  const own = await vsce.listFiles({ cwd: root, packageManager: vsce.PackageManager.None });
  for (const path of own) cpSync(join(root, path), join(stage, path));
  for (const path of runtimeFiles(target))
    cpSync(join(root, path), join(stage, "dist", path), { dereference: true });
  writeFileSync(join(stage, "package.json"), packagedManifest());
  writeFileSync(join(stage, "README.md"), packagedReadme());
  writeFileSync(join(stage, ".vscodeignore"), "# All that lies here is packaged.\n");
}

function runtimeFiles(target) {
  const [platform, arch] = target.split("-");
  const library = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}`;
  return [
    "node_modules/onnxruntime-node/package.json",
    ...filesIn("node_modules/onnxruntime-node/dist", ".js"),
    "node_modules/onnxruntime-common/package.json",
    "node_modules/onnxruntime-common/dist/cjs/package.json",
    ...filesIn("node_modules/onnxruntime-common/dist/cjs", ".js"),
    // The binding asks for libonnxruntime.1.dylib; the one with the whole version is the same file again.
    ...filesIn(library, "").filter((path) => !/\.\d+\.\d+\.\d+\.dylib$/.test(path)),
  ];
}

function filesIn(folder, ending) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
}

/**
 * What the extension's page shows: how to begin, then docs/editor.md as its part. The page shows no file of the package and
 * follows no link to one, so of such links the words stay.
 */
function packagedReadme() {
  const [beginning, rest] = ["extension/README.md", "docs/editor.md"].map((path) =>
    readFileSync(join(root, path), "utf8"),
  );
  const linksToFiles = /(?<!!)\[([^\]]+)\]\((?!\w+:)[^)]+\)/g;
  return `${beginning}\n${rest.replaceAll(/^#/gm, "##").replaceAll(linksToFiles, "$1")}`;
}

/** package.json without what only the checkout needs; the packages that it names are in the bundles. */
function packagedManifest() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { scripts, dependencies, devDependencies, ...packaged } = manifest;
  return `${JSON.stringify(packaged, null, 2)}\n`;
}
