// What is kept of a run's stages, through a real daemon: also where its engine is killed in the middle, and gone with the run.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { tinyRecipe } from "../cli/frecas.ts";
import { openDaemonHome } from "./daemon-home.ts";

it("a run whose engine is killed after a stage has all its stages in the end, and none when it is removed", async () => {
  const home = openDaemonHome();
  const daemon = await home.connect();
  let wasKilled = false;
  await daemon.subscribe(null, {
    onSnapshot: () => {},
    onEvent: (event) => {
      if (wasKilled || event.kind !== "progress" || event.event.kind !== "stage-kept") return;
      wasKilled = true;
      home.kill("engine");
    },
  });
  const text = tinyRecipe("output: a.png");
  const recipe = { text, file: join(home.folder, "a.frecas"), name: null, changes: {} };
  await daemon.ask("submit", { what: { kind: "recipe", recipe }, key: null });
  const run = async (): Promise<RunRecord> => (await daemon.ask("get", { id: 1 })).run;
  await vi.waitUntil(async () => (await run()).state.kind === "done", {
    timeout: 60_000,
    interval: 100,
  });
  expect(wasKilled).toBe(true);
  const { keptStages, stages } = await run();
  expect(keptStages.map(({ stage }) => stage)).toEqual(stages.slice(1).map((_, stage) => stage));
  const files = keptStages.flatMap(({ pictures, maps }) => [...pictures, maps ?? ""]);
  for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
  const folder = join(home.places.state, "traces", "1");
  expect(readdirSync(folder).sort()).toEqual(
    files.map((file) => file.slice(folder.length + 1)).sort(),
  );
  await daemon.ask("remove", { id: 1 });
  expect(existsSync(folder)).toBe(false);
  daemon.dispose();
}, 90_000);
