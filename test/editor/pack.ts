// The packages that the tests install, written as `npm run package` and vsce write them.
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** FreCaS for this machine; its .vsix. */
export function packFrecas(): string {
  const said = execFileSync(process.execPath, ["scripts/package.mjs"], options(root));
  const [, path] = /(\S+\.vsix): [\d.]+ MB\s*$/.exec(said) ?? [];
  if (path === undefined) throw new Error(said);
  return path;
}

/** The extension that measures, into `folder`; its .vsix. */
export function packCompanion(folder: string): string {
  const path = join(folder, "companion.vsix");
  const program = join(root, "node_modules/@vscode/vsce/vsce");
  const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
  const cwd = fileURLToPath(new URL("companion", import.meta.url));
  execFileSync(process.execPath, [program, "package", ...flags, "--out", path], options(cwd));
  return path;
}

function options(cwd: string): ExecFileSyncOptionsWithStringEncoding {
  return { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
}
