// One daemon a user: many that start at once, what dead ones left behind, and who may speak to it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { endDaemon, findDaemon, findOrStartDaemon } from "../../daemon/client/connect-daemon.ts";
import { takeLock } from "../../daemon/main/daemon-lock.ts";
import { type DaemonPlaces, daemonPlaces } from "../../daemon/protocol/daemon-places.ts";
import manifest from "../../package.json" with { type: "json" };
import { bundles } from "../cli/frecas.ts";

const parent = mkdtempSync(join(tmpdir(), "frecas-one-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(parent, { recursive: true, force: true });
});

const placesIn = (home: string): DaemonPlaces =>
  daemonPlaces({ platform: process.platform, env: { XDG_STATE_HOME: home }, home });

let homes = 0;
const newHome = (): string => join(parent, `${++homes}`);

interface Started {
  readonly child: ChildProcess;
  /** The exit code, once it has one. */
  readonly ended: Promise<number | null>;
}

function startDaemon(home: string, ...args: readonly string[]): Started {
  const env = { PATH: process.env["PATH"], HOME: home, XDG_STATE_HOME: home };
  const bundle = join(dirname(bundles.cli), "daemon.js");
  const child = spawn(process.execPath, [bundle, ...args], { env, stdio: "ignore" });
  children.push(child);
  return { child, ended: new Promise((resolve) => child.on("exit", resolve)) };
}

/** The number of the process that serves. */
async function serving(places: DaemonPlaces): Promise<number> {
  let pid = 0;
  await expect
    .poll(
      async () => {
        const daemon = await findDaemon(places, "test").catch(() => undefined);
        const text = readFileSync(join(places.state, "lock", lastLock(places)), "utf8");
        pid = (JSON.parse(text) as { pid: number }).pid;
        daemon?.dispose();
        return daemon !== undefined;
      },
      { timeout: 30_000, interval: 50 },
    )
    .toBe(true);
  return pid;
}

function lastLock({ state }: DaemonPlaces): string {
  const names = readdirSync(join(state, "lock")).filter((name) => name.startsWith("lock."));
  return names.sort((a, b) => Number(b.slice(5)) - Number(a.slice(5)))[0] ?? "";
}

describe("a daemon", () => {
  it("is one, of eight that start at once, and again after it was killed", async () => {
    const home = newHome();
    const places = placesIn(home);
    for (let round = 0; round < 2; round += 1) {
      const started = Array.from({ length: 8 }, () => startDaemon(home));
      const pid = await serving(places);
      const others = started.filter(({ child }) => child.pid !== pid);
      expect(others).toHaveLength(7);
      expect(await Promise.all(others.map(({ ended }) => ended))).toEqual(Array(7).fill(0));
      const winner = started.find(({ child }) => child.pid === pid);
      winner?.child.kill("SIGKILL");
      await winner?.ended;
    }
  });

  it("ends by itself when it has nothing to do and nobody is there", async () => {
    const { ended } = startDaemon(newHome(), "--idle-ms=200");
    expect(await ended).toBe(0);
  });

  it("stays while a client is there, and ends when it is asked to", async () => {
    const home = newHome();
    const { child, ended } = startDaemon(home, "--idle-ms=1000");
    await serving(placesIn(home));
    const daemon = await findDaemon(placesIn(home), "test");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(child.exitCode).toBeNull();
    expect(daemon).toBeDefined();
    expect(await endDaemon(placesIn(home), null)).toBe(true);
    expect(await ended).toBe(0);
  });

  it("closes its folder, its socket and its token to all others", async () => {
    const home = newHome();
    const places = placesIn(home);
    mkdirSync(places.state, { recursive: true });
    chmodSync(places.state, 0o755);
    startDaemon(home);
    await serving(places);
    const modes = [places.state, places.socket, places.token, join(places.state, "journal.jsonl")];
    expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
      "700",
      "600",
      "600",
      "600",
    ]);
  });

  it.runIf(process.getuid?.() === 0)("cannot be reached by another user", async () => {
    const home = newHome();
    const { socket } = placesIn(home);
    startDaemon(home);
    await serving(placesIn(home));
    chmodSync(parent, 0o755);
    chmodSync(home, 0o755);
    const script = `require("net").connect(${JSON.stringify(socket)}).on("error", (e) => { console.log(e.code); process.exit(); }).on("connect", () => console.log("connected"));`;
    const connect = (uid: number): string =>
      spawnSync(process.execPath, ["-e", script], { uid, timeout: 2000 }).stdout.toString().trim();
    expect(connect(65534)).toBe("EACCES");
    expect(connect(0)).toBe("connected");
  });
});

it("a daemon that cannot come up gives its lock back", async () => {
  const home = newHome();
  const places = placesIn(home);
  mkdirSync(places.token, { recursive: true });
  expect(await startDaemon(home).ended).toBe(2);
  expect(readFileSync(join(places.state, "lock", lastLock(places)), "utf8")).toBe("");
});

it("a daemon is started again where the first one met one that was ending", async () => {
  const home = newHome();
  const starts = [
    () => Promise.resolve(),
    () => {
      startDaemon(home);
      return undefined;
    },
  ];
  const start = () => starts.shift()?.();
  const { version } = manifest;
  const daemon = await findOrStartDaemon(placesIn(home), "test", { version, start });
  expect(await daemon.ask("list", {})).toMatchObject({ runs: [] });
  daemon.dispose();
});

describe("a lock", () => {
  it("is not taken twice, and is taken from a process that is gone", async () => {
    const folder = newHome();
    expect(await takeLock(folder, process.pid)).toBeDefined();
    expect(await takeLock(folder, process.pid)).toBeUndefined();
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const other = newHome();
    mkdirSync(other);
    writeFileSync(join(other, "lock.41"), JSON.stringify({ pid: gone, started: "1" }));
    expect(await takeLock(other, process.pid)).toBeDefined();
    expect(readdirSync(other)).toEqual(["lock.42"]);
  });

  it("that was given back is taken again, though there still is a process of that number", async () => {
    const folder = newHome();
    const release = await takeLock(folder, process.pid);
    await release?.();
    expect(await takeLock(folder, process.pid)).toBeDefined();
    expect(await takeLock(folder, process.pid)).toBeUndefined();
    // The one that was given back is not the one that counts any more.
    await release?.();
    expect(await takeLock(folder, process.pid)).toBeUndefined();
  });

  it.each([
    [
      "of a number that another process has now",
      JSON.stringify({ pid: process.pid, started: "1" }),
    ],
    ["that is damaged", "{"],
  ])("%s is nobody's", async (_, content) => {
    const folder = newHome();
    mkdirSync(folder);
    writeFileSync(join(folder, "lock.1"), content);
    expect(await takeLock(folder, process.pid)).toBeDefined();
  });

  it("is taken by one of many that ask at once", async () => {
    const folder = newHome();
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeLock(folder, process.pid)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });
});
