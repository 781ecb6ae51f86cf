// A VS Code server and a browser for the tests of test/editor. The server is code-server's, from npm, once, into the
// user's cache; the browser is one that is here, or on Debian, as root, apt-get's Chromium.
import { execFileSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const release = "4.100.3";
const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");

/**
 * Installs what is missing. `{ server, browser }`: the paths of VS Code's server-main.js and of the browser; or
 * `{ missing }`: one sentence about what cannot be had here.
 */
export function prepareEditorHost(folder = join(cache, "frecas-editor")) {
  const { path: browser, missing } = prepareBrowser();
  if (browser === undefined) return { missing };
  const place = join(folder, `code-server-${release}`);
  try {
    if (!existsSync(place)) installServer(folder, place);
  } catch (error) {
    return {
      missing: `npm could not install code-server@${release} into ${folder}: ${firstLine(error)}`,
    };
  }
  return { server: join(place, inPackage, "out/server-main.js"), browser };
}

/** `{ path }` of a Chromium or Chrome, installed where that is missing; or `{ missing }`, as above. */
export function prepareBrowser() {
  return findBrowser() ?? installBrowser();
}

const inPackage = "node_modules/code-server/lib/vscode";

/** Installs beside the place, and renames at the end: what lies at the place is whole. */
function installServer(folder, place) {
  console.log(`Installing VS Code's server (code-server ${release}, 300 MB) into ${folder} …`);
  mkdirSync(folder, { recursive: true });
  removeInterrupted(folder);
  const started = mkdtempSync(`${place}-`);
  try {
    writeFileSync(join(started, "package.json"), '{ "private": true }');
    npmInstall(started, `code-server@${release}`);
    const server = join(started, inPackage);
    npmInstall(server, "--omit=dev");
    symlinkSync("node_modules", join(server, "node_modules.asar"));
    renameSync(started, place);
  } catch (error) {
    // Somebody else may have been faster.
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(started, { recursive: true, force: true });
  }
}

function removeInterrupted(folder) {
  const hourMs = 3_600_000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (/^code-server-[\d.]+-/.test(name) && ageMs > hourMs) rmSync(path, { recursive: true });
  }
}

/** No install script is run: they would download from elsewhere, or compile. */
function npmInstall(cwd, ...args) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet, ...args], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const path = [process.env.CHROME_PATH ?? "", ...paths].find(isProgram);
  return path && { path };
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return path !== "";
  } catch {
    return false;
  }
}

function installBrowser() {
  const none = "there is no Chromium or Chrome in PATH or CHROME_PATH";
  if (!existsSync("/etc/debian_version")) return { missing: `${none}; install one` };
  if (process.getuid?.() !== 0)
    return { missing: `${none}; run apt-get install chromium, which needs root` };
  console.log("Installing Chromium with apt-get …");
  try {
    const quiet = {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    // Another test may be installing it at the same time.
    const patient = ["-o", "DPkg::Lock::Timeout=300"];
    execFileSync("apt-get", [...patient, "update", "-q"], quiet);
    execFileSync(
      "apt-get",
      [...patient, "install", "-qy", "--no-install-recommends", "chromium"],
      quiet,
    );
  } catch (error) {
    return { missing: `${none}, and apt-get could not install it: ${firstLine(error)}` };
  }
  return findBrowser() ?? { missing: `${none}, even after apt-get install chromium` };
}

function firstLine(error) {
  return String(error.message).split("\n")[0];
}
