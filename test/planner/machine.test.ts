// How much memory a run is planned with while the daemon keeps an engine that holds some.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { availableMemory, heldMemory } from "../../daemon/base/available-memory.ts";
import { machineOf } from "../../daemon/planner/machine.ts";
import { daemonPlaces } from "../../daemon/protocol/daemon-places.ts";
import { noteEngine } from "../../daemon/supervisor/left-engine.ts";

const home = mkdtempSync(join(tmpdir(), "frecas-machine-"));
afterAll(() => rmSync(home, { recursive: true }));
const env = { XDG_STATE_HOME: home };
const { platform } = process;
const machine = machineOf(join(import.meta.dirname, "../.."), { env, cwd: home, platform });
const { engineNote } = daemonPlaces({ platform, env, home });

const megabyte = 2 ** 20;
const holding = `globalThis.held = Buffer.alloc(${512 * megabyte}, 1); console.log("holds"); setInterval(() => {}, 1e6)`;

/**
 * Beside what the system says at the same time, which other programs change by some megabytes. `pid` is the engine's: where a
 * container's limit decides, what it holds is not there for others.
 */
function besides(pid?: number): number {
  const held = pid === undefined ? 0 : heldMemory(pid);
  return machine.availableBytes() - availableMemory(held);
}

it.runIf(platform === "linux")(
  "what the engine holds is there for the next run, until the engine has ended",
  async () => {
    expect(Math.abs(besides())).toBeLessThan(256 * megabyte);
    const engine = spawn(process.execPath, ["-e", holding], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(engine.stdout, "data");
    mkdirSync(dirname(engineNote), { recursive: true });
    noteEngine(engineNote, engine.pid ?? 0);
    expect(besides(engine.pid)).toBeGreaterThan(256 * megabyte);
    expect(machine.keptBytes()).toBeGreaterThan(512 * megabyte);
    engine.kill();
    await once(engine, "exit");
    expect(Math.abs(besides())).toBeLessThan(256 * megabyte);
  },
);
