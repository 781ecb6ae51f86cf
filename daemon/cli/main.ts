#!/usr/bin/env node
// The command line `frecas`. Exit codes: 0 done, 1 a recipe file with errors (check), 2 a failure, 130 stopped by
// Ctrl-C, 141 nobody reads the output. A failure is one sentence on stderr; with --json it is also one object on
// stdout, {"failed": code, "message": sentence}, with the codes of base/failure.ts.
import { openContext } from "./cli-context.ts";
import { runCommandLine } from "./command-line.ts";
import { openReporter } from "./report-failure.ts";

await main();

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const context = openContext(import.meta.url);
  const report = openReporter(args, context);
  process.on("uncaughtException", (error) => process.exit(report(error)));
  try {
    process.exitCode = await runCommandLine(args, context);
  } catch (error) {
    process.exitCode = report(error);
  }
}
