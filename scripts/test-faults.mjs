// The fault test at length: 200 kills, or as many as its argument says. FRECAS_FAULT_SEED repeats one of its rounds.
import { ensureInstalled, run } from "./install.mjs";

ensureInstalled();
run("node", "scripts/build.mjs");
process.env.FRECAS_FAULT_KILLS = process.argv[2] ?? "200";
run("node_modules/.bin/vitest", "run", "test/daemon/faults.test.ts");
