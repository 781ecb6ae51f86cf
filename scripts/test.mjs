// Everything that must hold before a change lands: types, lint and format, dead code, build, tests. The tests check
// the import directions too.
import { ensureInstalled, run } from "./install.mjs";

ensureInstalled();
run("node_modules/.bin/tsc");
run("node_modules/.bin/tsc", "-p", "tsconfig.webview.json");
run("node_modules/.bin/biome", "check", "--error-on-warnings");
run("node_modules/.bin/knip");
run("node", "scripts/build.mjs");
run("node_modules/.bin/vitest", "run");
