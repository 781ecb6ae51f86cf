// Builds and runs the bench; its options are passed on.
import { ensureInstalled, run } from "./install.mjs";

ensureInstalled();
run("node", "scripts/build.mjs");
run("node", "dist/bench.js", ...process.argv.slice(2));
