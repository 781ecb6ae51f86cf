// Builds and runs a bench, which the first argument names; the others are passed on.
import { ensureInstalled, run } from "./install.mjs";

const [bench, ...options] = process.argv.slice(2);
ensureInstalled();
run("node", "scripts/build.mjs");
run("node", `dist/${bench}.js`, ...options);
