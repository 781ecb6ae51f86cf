// Many clients of one daemon: all hear the same numbered events without a gap, and one that does not read costs nobody
// anything: it gets a snapshot in the place of what it missed.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";
import type { Daemon } from "../../daemon/client/connect-daemon.ts";
import { DAEMON_PROTOCOL } from "../../daemon/protocol/methods.ts";
import type { Snapshot } from "../../daemon/protocol/queue-event.ts";
import { tinyRecipe } from "../cli/frecas.ts";
import { type DaemonHome, openDaemonHome } from "./daemon-home.ts";

/** Puts `count` small runs into the queue. */
async function submit(home: DaemonHome, daemon: Daemon, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const text = tinyRecipe(`output: ${index}.png`);
    const recipe = { text, file: join(home.folder, "a.frecas"), name: null, changes: {} };
    await daemon.ask("submit", { what: { kind: "recipe", recipe }, key: null });
  }
}

it("50 clients hear the same events, each once and in order, while runs are painted", async () => {
  const home = openDaemonHome();
  const first = await home.connect();
  const heard: { from: number; readonly events: string[]; readonly numbers: number[] }[] = [];
  const clients = [first];
  for (let client = 0; client < 50; client += 1) {
    const daemon = await home.connect();
    clients.push(daemon);
    const one = { from: -1, events: [] as string[], numbers: [] as number[] };
    heard.push(one);
    await daemon.subscribe(null, {
      onSnapshot: ({ place }) => {
        one.from = place.number;
      },
      onEvent: (event, number) => {
        one.events.push(JSON.stringify(event));
        one.numbers.push(number);
      },
    });
  }
  await vi.waitUntil(() => heard.every(({ from }) => from >= 0), { timeout: 30_000 });
  await submit(home, first, 2);
  const isOver = async () => {
    const { runs, place } = await first.ask("list", {});
    const isHeard = heard.every(({ numbers }) => numbers.at(-1) === place.number);
    return isHeard && runs.every(({ state }) => state.kind === "done");
  };
  await vi.waitUntil(isOver, { timeout: 60_000, interval: 100 });
  const [one] = heard;
  expect(one?.events.length).toBeGreaterThan(20);
  expect(one?.numbers).toEqual(one?.events.map((_, index) => (one?.from ?? 0) + 1 + index));
  for (const other of heard) expect(other).toEqual(one);
  for (const client of clients) client.dispose();
});

/** A client that subscribes and then does not read. */
async function openSleeper({ places }: DaemonHome) {
  const socket = connect(places.socket);
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  const snapshots: number[] = [];
  const heard: number[] = [];
  connection.onNotification("snapshot", ({ place }: Snapshot) => {
    snapshots.push(place.number);
    heard.push(place.number);
  });
  connection.onNotification("event", ({ number }: { number: number }) => void heard.push(number));
  connection.listen();
  const token = readFileSync(places.token, "utf8");
  await connection.sendRequest("handshake", { protocol: DAEMON_PROTOCOL, token, client: "test" });
  await connection.sendRequest("subscribe", { after: null, previews: false });
  await vi.waitUntil(() => snapshots.length === 1);
  socket.pause();
  return { socket, snapshots, heard };
}

/** Bytes that the daemon holds. */
function heldBy(home: DaemonHome): number {
  const [pid] = home.processes("daemon");
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

it("clients that do not read cost no memory, and get a snapshot when they do", async () => {
  const home = openDaemonHome();
  const daemon = await home.connect();
  await daemon.ask("pause", { paused: true });
  await submit(home, daemon, 60);
  const move = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 30)
      await Promise.all(
        Array.from({ length: 30 }, () => daemon.ask("move", { id: 1, before: null })),
      );
  };
  const sleepers = await Promise.all(Array.from({ length: 30 }, () => openSleeper(home)));
  // The log of events is full then, and what any number of events more takes is for those who do not read.
  await move(9000);
  const before = heldBy(home);
  await move(9000);
  expect(heldBy(home) - before).toBeLessThan(48 * 2 ** 20);
  const { place } = await daemon.ask("list", {});
  for (const { socket } of sleepers) socket.resume();
  await vi.waitUntil(() => sleepers.every(({ heard }) => heard.at(-1) === place.number), {
    timeout: 60_000,
  });
  for (const { socket, snapshots, heard } of sleepers) {
    expect(snapshots.length).toBeGreaterThan(1);
    // One after the other, but where a snapshot stands for what is missing.
    for (const [index, number] of heard.entries())
      if (index > 0 && !snapshots.includes(number))
        expect(number).toBe((heard[index - 1] ?? 0) + 1);
    socket.destroy();
  }
  daemon.dispose();
});
