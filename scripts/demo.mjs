// From a fresh clone to a picture: installs what is missing, builds, paints the first sample.
import { ensureInstalled, run } from "./install.mjs";

ensureInstalled();
console.log("Building …");
run("node", "scripts/build.mjs");
console.log("Painting samples/dawn.frecas with the built-in model …");
run("node", "dist/cli.js", "run", "samples/dawn.frecas#dawn");
