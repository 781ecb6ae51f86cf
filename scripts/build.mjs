// Bundles what runs: the command line, the engine, the bench, the extension, its language server, its pages. Native packages stay outside.
import { chmodSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: { extension: "extension/main.ts" },
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: true,
  external: ["vscode"],
  logLevel: "warning",
});
await build({
  entryPoints: {
    cli: "daemon/cli/main.ts",
    engine: "daemon/engine/main.ts",
    heartbeat: "daemon/engine/heartbeat.ts",
    daemon: "daemon/main/main.ts",
    bench: "bench/main.ts",
    "bench-methods": "bench/methods-main.ts",
    "language-server": "extension/server/main.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: true,
  external: ["onnxruntime-node"],
  // CommonJS packages inside the bundle still ask for Node's own modules with require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
const pageOptions = {
  bundle: true,
  platform: "browser",
  target: "chrome132",
  format: "iife",
  minify: true,
  logLevel: "warning",
};
// A page may start workers only from what it holds itself, so the worker's script is a text in its page's.
const worker = await build({
  ...pageOptions,
  entryPoints: ["extension/webview/results/measure-worker.ts"],
  write: false,
});
await build({
  // One script and one style sheet for each page.
  entryPoints: ["plan", "results"].flatMap((page) => [
    { in: `extension/webview/${page}/main.ts`, out: `webview/${page}` },
    { in: `extension/webview/${page}/${page}.css`, out: `webview/${page}` },
  ]),
  outdir: "dist",
  ...pageOptions,
  define: { measureWorkerScript: JSON.stringify(worker.outputFiles[0].text) },
});
chmodSync("dist/cli.js", 0o755);
