// Daemons and clients of different versions: what has been updated goes on, and no two fight for the place.
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import {
  type Daemon,
  endDaemon,
  findDaemon,
  findOrStartDaemon,
} from "../../daemon/client/connect-daemon.ts";
import { isNewer } from "../../daemon/main/is-newer.ts";
import manifest from "../../package.json" with { type: "json" };
import { longRecipe, tinyRecipe } from "../cli/frecas.ts";
import { type DaemonHome, openDaemonHome } from "./daemon-home.ts";
import { installVersion, type OtherVersion } from "./other-version.ts";

/** A home where a daemon of that version is up. */
async function openWith(other: OtherVersion) {
  const home = openDaemonHome();
  const installed = installVersion(home, other);
  installed.start();
  const isUp = (): Promise<boolean> =>
    findDaemon(home.places, "test").then(
      (daemon) => {
        daemon?.dispose();
        return daemon !== undefined;
      },
      (error: { readonly code?: string }) => error.code === "daemon.version",
    );
  await vi.waitUntil(isUp, { timeout: 30_000 });
  return { home, installed };
}

/** What a client of `version` gets, which starts the daemon under test. */
function connect(home: DaemonHome, version = manifest.version): Promise<Daemon> {
  return findOrStartDaemon(home.places, "test", {
    version,
    start: () => {
      home.start();
      return undefined;
    },
  });
}

async function submit(home: DaemonHome, daemon: Daemon, text: string): Promise<void> {
  const recipe = {
    text: `${text}output: out/{name}.png\n`,
    file: join(home.folder, "a.frecas"),
    name: null,
    changes: {},
  };
  await daemon.ask("submit", { what: { kind: "recipe", recipe }, key: null });
}

const stateOf = async (daemon: Daemon, id: number): Promise<string> =>
  (await daemon.ask("get", { id })).run.state.kind;

it.each([0, 90])(
  "an older one that has nothing to do makes room, its protocol %i higher",
  async (protocol) => {
    const { home } = await openWith({ version: "0.0.9", protocol });
    const [old] = home.processes("daemon");
    const daemon = await connect(home);
    expect(daemon.version).toBe(manifest.version);
    await vi.waitUntil(() => !home.processes("daemon").some((pid) => pid === old));
    expect(home.processes("daemon")).toHaveLength(1);
    daemon.dispose();
  },
);

it("an older one paints what it has, though its folder is gone; what is asked later a new one paints", async () => {
  const { home, installed } = await openWith({ version: "0.0.9" });
  const old = await findDaemon(home.places, "test");
  if (old === undefined) throw new Error("no daemon");
  await submit(home, old, longRecipe);
  await vi.waitUntil(async () => (await stateOf(old, 1)) === "running", { timeout: 20_000 });
  const engine = (): boolean => home.processes("engine").length > 0;
  await vi.waitUntil(engine, { timeout: 20_000 });
  rmSync(installed.folder, { recursive: true });
  const during = await connect(home);
  expect(during.version).toBe("0.0.9");
  await during.ask("cancel", { id: 1 });
  await during.ask("cancel", { id: 1 });
  await vi.waitUntil(async () => (await stateOf(during, 1)) === "cancelled", { timeout: 20_000 });
  const daemon = await connect(home);
  expect(daemon.version).toBe(manifest.version);
  await submit(home, daemon, tinyRecipe());
  await vi.waitUntil(async () => (await stateOf(daemon, 2)) === "done", { timeout: 60_000 });
  for (const one of [old, during, daemon]) one.dispose();
});

it.each(["90.0.0", manifest.version])(
  "one of version %s stays, whatever an older client asks",
  async (version) => {
    const { home } = await openWith({ version });
    const before = home.processes("daemon");
    const daemon = await connect(home, "0.0.9");
    expect(daemon.version).toBe(version);
    expect(home.processes("daemon")).toEqual(before);
    daemon.dispose();
  },
);

it("a newer one of another protocol is refused, and can be ended all the same", async () => {
  const { home } = await openWith({ version: "90.0.0", protocol: 90 });
  await expect(connect(home)).rejects.toMatchObject({ code: "daemon.version" });
  expect(home.processes("daemon")).toHaveLength(1);
  expect(await endDaemon(home.places, null)).toBe(true);
  const daemon = await connect(home);
  expect(daemon.version).toBe(manifest.version);
  daemon.dispose();
});

/** Home of a daemon that answers every request with `ends: true`, and then goes on with `end`. */
async function openEnding(end: (socket: Socket) => void): Promise<DaemonHome> {
  const home = openDaemonHome();
  const { socket: path } = home.places;
  mkdirSync(dirname(path), { recursive: true });
  const answer = '{"jsonrpc":"2.0","id":0,"result":{"ends":true}}';
  const server = createServer((socket) => {
    socket.once("data", () => {
      socket.write(`Content-Length: ${answer.length}\r\n\r\n${answer}`);
      end(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return home;
}

it("one that takes longer to end than to answer has ended when it is said to", async () => {
  const limitMs = 500;
  let hasEnded = false;
  const { places } = await openEnding((socket) =>
    setTimeout(() => {
      hasEnded = true;
      socket.destroy();
    }, 3 * limitMs),
  );
  expect(await endDaemon(places, null, limitMs)).toBe(true);
  expect(hasEnded).toBe(true);
});

it("one that ends as it answers has answered", async () => {
  const { places } = await openEnding((socket) => socket.destroySoon());
  expect(await endDaemon(places, null)).toBe(true);
});

it("nobody waits for one that says nothing", async () => {
  const { places } = openDaemonHome();
  mkdirSync(dirname(places.socket), { recursive: true });
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(places.socket, resolve));
  onTestFinished(() => void server.close());
  await expect(findDaemon(places, "test", 20)).rejects.toMatchObject({
    code: "daemon.silent",
    message: expect.stringMatching(/^daemon: must answer within 0\.02 s, got nothing; .*try again/),
  });
});

it.each([
  ["0.2.0", "0.1.9", true],
  ["0.10.0", "0.9.0", true],
  ["1.0.0", "0.99.99", true],
  ["0.1.0", "0.1.0", false],
  ["0.1.0", "0.1.1", false],
])("%s is newer than %s: %s", (version, other, expected) =>
  expect(isNewer(version, other)).toBe(expected),
);
