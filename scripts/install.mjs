// Installs the packages where they are missing or old, so that the README's commands work on a fresh clone.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const project = new URL("..", import.meta.url);

/** Runs a command in the project's folder with its output shown; ends the process where it fails. */
export function run(command, ...args) {
  const { status } = spawnSync(command, args, { stdio: "inherit", cwd: project });
  if (status !== 0) process.exit(status ?? 1);
}

/** `npm ci`, where it is needed. */
export function ensureInstalled() {
  if (isInstalled(project)) return;
  console.log("Installing packages …");
  run("npm", "ci", "--loglevel=error");
}

/** Whether npm has finished here, with the packages that the lock file names now. `folder` is a URL. */
export function isInstalled(folder) {
  const wanted = readPackages(new URL("package-lock.json", folder));
  // npm writes this file last, so an interrupted installation has none.
  const present = readPackages(new URL("node_modules/.package-lock.json", folder));
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = present[path];
    // Optional packages are those of other systems; the one without a path is the project itself.
    if (found === undefined) return path === "" || optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}
