// A home of its own for a daemon under test: its state, its socket, and a way to find every process that belongs to it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, findOrStartDaemon } from "../../daemon/client/connect-daemon.ts";
import { type DaemonPlaces, daemonPlaces } from "../../daemon/protocol/daemon-places.ts";
import manifest from "../../package.json" with { type: "json" };
import { whenOver } from "../support/when-over.ts";

const bundle = join(import.meta.dirname, "../../dist/daemon.js");

/** What a process of a home is, by its bundle. */
export type Role = "daemon" | "engine";

export interface DaemonHome {
  /** Home folder, and where pictures go. */
  readonly folder: string;
  readonly places: DaemonPlaces;
  /** Environment of everything that belongs here. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts a daemon without waiting for it. */
  start(...args: readonly string[]): ChildProcess;
  /** To the daemon that is up, or to a new one. */
  connect(): Promise<Daemon>;
  /** Numbers of this home's processes that run now, whoever started them. */
  processes(role: Role): readonly number[];
  /** Kills them all at once. */
  kill(...roles: readonly Role[]): readonly number[];
}

/** Gone, with all its processes, when the test that opens it is, or the file's tests are. */
export function openDaemonHome(): DaemonHome {
  const folder = mkdtempSync(join(tmpdir(), "frecas-daemon-"));
  const state = join(folder, "state");
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    XDG_STATE_HOME: state,
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const places = daemonPlaces({ platform: process.platform, env, home: folder });
  const processes = (role: Role): readonly number[] => findProcesses(role, state);
  const start = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [bundle, ...args], { env, stdio: "ignore", cwd: "/" });
  const kill = (...roles: readonly Role[]): readonly number[] => {
    const found = roles.flatMap(processes);
    for (const pid of found) killOne(pid);
    return found;
  };
  whenOver(() => {
    kill("daemon");
    kill("engine");
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    places,
    env,
    start,
    connect: () =>
      findOrStartDaemon(places, "test", {
        version: manifest.version,
        start: () => {
          start();
          return undefined;
        },
      }),
    processes,
    kill,
  };
}

/** Those that run a bundle of this program with `state` in their environment; Linux only. */
function findProcesses(role: Role, state: string): readonly number[] {
  const found = readdirSync("/proc").filter(
    (name) =>
      /^\d+$/.test(name) &&
      readText(`/proc/${name}/cmdline`).split("\0")[1]?.endsWith(`/${role}.js`) === true &&
      readText(`/proc/${name}/environ`).split("\0").includes(`XDG_STATE_HOME=${state}`),
  );
  return found.map(Number);
}

/** Nothing where the process has ended meanwhile or is another user's. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
