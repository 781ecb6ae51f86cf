// Builds and runs a bench, which the first argument names; the others are passed on.
import { ensureInstalled, run } from "./install.mjs";

const [bench, ...options] = process.argv.slice(2);
// As engines have it (daemon/supervisor/start-engine.ts).
process.env.ORT_DISABLE_TELEMETRY = "1";
ensureInstalled();
run("node", "scripts/build.mjs");
run("node", `dist/${bench}.js`, ...options);
