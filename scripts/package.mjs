// Builds and writes dist/frecas-<target>-<version>.vsix, what a user installs in the editor. The target is this
// machine's, or that of `npm run package -- --target darwin-arm64`.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureInstalled, run } from "./install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

ensureInstalled();
run("node", "scripts/build.mjs");
const { packageTargets, stagePackage } = await import("./stage-package.mjs");
const { values } = parseArgs({
  options: { target: { type: "string", default: `${process.platform}-${process.arch}` } },
});
if (!packageTargets.includes(values.target)) {
  console.error(
    `--target: ONNX Runtime has a library for ${packageTargets.join(", ")}, got ${values.target}; name one of those.`,
  );
  process.exit(2);
}
const packagePath = await writePackage(values.target);
console.log(`${packagePath}: ${(statSync(packagePath).size / 1e6).toFixed(1)} MB`);

async function writePackage(target) {
  const { default: vsce } = await import("@vscode/vsce");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const path = join(root, `dist/frecas-${target}-${version}.vsix`);
  const stage = mkdtempSync(join(tmpdir(), "frecas-package-"));
  try {
    await stagePackage(target, stage);
    await vsce.createVSIX({
      cwd: stage,
      packagePath: path,
      target,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
  return path;
}
