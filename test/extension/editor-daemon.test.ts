// The daemon as the editor begins it: on the editor's runtime, for as long as settings say, also ones that came later, and no longer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { editorDaemon } from "../../extension/client/editor-daemon.ts";
import { openRunFeed } from "../../extension/client/run-feed.ts";
import { tinyRecipe } from "../cli/frecas.ts";
import { openDaemonHome } from "../daemon/daemon-home.ts";

const bundle = join(import.meta.dirname, "../../dist/daemon.js");

it("runs go on when the last window is closed, and nothing is left behind after they end", async () => {
  const home = openDaemonHome();
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of ["HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"]) vi.stubEnv(name, home.env[name]);
  const daemon = editorDaemon(bundle, async () => undefined);
  expect(daemon.places).toEqual(home.places);
  let idleMs = 600_000;
  const feed = openRunFeed({ ...daemon, idleMs: () => idleMs, wantsPreviews: () => false });
  onTestFinished(() => feed.dispose());
  const output = join(home.folder, "a.png");
  const recipe = {
    text: tinyRecipe(`output: ${output}`),
    file: join(home.folder, "a.frecas"),
    name: null,
    changes: {},
  };
  await feed.ask("submit", { what: { kind: "recipe", recipe }, key: null });
  const [pid] = home.processes("daemon");
  expect(readFileSync(`/proc/${pid}/environ`, "utf8").split("\0")).toContain(
    "ELECTRON_RUN_AS_NODE=1",
  );
  idleMs = 500;
  await feed.applySettings();
  feed.dispose();
  const left = (): number => home.processes("daemon").length + home.processes("engine").length;
  await vi.waitUntil(() => left() === 0, { timeout: 60_000, interval: 50 });
  expect(readFileSync(output).subarray(1, 4).toString()).toBe("PNG");
});

it("where none may be started, none is, and the request is rejected with the reason", async () => {
  const home = openDaemonHome();
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of ["HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"]) vi.stubEnv(name, home.env[name]);
  const mayStart = () => Promise.reject(new Error("not trusted"));
  const daemon = editorDaemon(bundle, mayStart);
  const feed = openRunFeed({ ...daemon, idleMs: () => 500, wantsPreviews: () => false });
  onTestFinished(() => feed.dispose());
  await expect(feed.ask("pause", { paused: true })).rejects.toThrow("not trusted");
  expect(home.processes("daemon")).toEqual([]);
});
