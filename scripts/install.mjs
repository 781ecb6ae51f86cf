// Installs the packages where they are missing, so that the README's commands work on a fresh clone.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Runs a command in the project's folder with its output shown; ends the process where it fails. */
export function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    cwd: new URL("..", import.meta.url),
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** `npm ci`, once. */
export function ensureInstalled() {
  if (existsSync(new URL("../node_modules/onnxruntime-node", import.meta.url))) return;
  console.log("Installing packages …");
  run("npm", "ci", "--loglevel=error");
}
