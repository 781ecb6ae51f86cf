// The daemon's end of a socket in the test's own process, with services that a test can see through.
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DAEMON_PROTOCOL } from "../../daemon/protocol/methods.ts";
import type { Snapshot } from "../../daemon/protocol/queue-event.ts";
import { eventLog } from "../../daemon/queue/event-log.ts";
import { latestValue } from "../../daemon/queue/latest-value.ts";
import { serveClient } from "../../daemon/rpc/serve-client.ts";
import type { Services } from "../../daemon/rpc/services.ts";
import { whenOver } from "../support/when-over.ts";

/** What clients show. */
export const token = "a".repeat(64);

export interface Served {
  readonly path: string;
  readonly services: Services;
  /** What was asked of the queue, as words. */
  readonly asked: string[];
  /** Lines of the log. */
  readonly words: string[];
}

/** Serves until the test that calls it is over, or the file's tests are. */
export async function serve(changes: Partial<Services> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "frecas-rpc-"));
  const path = join(folder, "socket");
  const asked: string[] = [];
  const words: string[] = [];
  const events = eventLog("now");
  const previews = latestValue();
  const did = (what: string) => async (id: unknown) => {
    asked.push(`${what} ${JSON.stringify(id)}`);
  };
  const snapshot = (): Snapshot => ({ place: events.place, paused: false, runs: [], waiting: [] });
  const services = {
    queue: {
      events,
      previews,
      snapshot,
      submit: async (submissions: readonly unknown[]) => submissions.map((_, index) => index + 1),
      cancel: did("cancel"),
      pause: did("pause"),
      move: did("move"),
      retry: did("retry"),
      remove: did("remove"),
      get: () => {
        throw new Error("an error that nobody expected, with a secret");
      },
    },
    version: "1",
    pid: 1,
    token,
    checkPlan: (plan: unknown) => plan,
    planRecipe: async () => ({ plans: [], warnings: [] }),
    planMethods: async () => ({ planned: [], leftOut: [], warnings: [] }),
    listModels: async () => [],
    doctor: () => Promise.reject(new Error("not here")),
    keep: (idleMs: number) => asked.push(`keep ${idleMs}`),
    shutdown: (replacedBy: string | null) => asked.push(`shutdown ${replacedBy}`) > 0,
    log: (line: string) => words.push(line),
    ...changes,
  } as unknown as Services;
  const server = createServer((socket) => serveClient(socket, services));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  whenOver(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { path, services, asked, words };
}

/** A message as it goes over the wire. */
export function frame(message: unknown): Buffer {
  const content = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${content.length}\r\n\r\n`), content]);
}

export const handshake = (given = token, protocol: number = DAEMON_PROTOCOL): unknown => ({
  jsonrpc: "2.0",
  id: 0,
  method: "handshake",
  params: { protocol, token: given, client: "test" },
});

export interface Raw {
  readonly socket: Socket;
  /** All that has come. */
  heard(): string;
  readonly closed: Promise<void>;
}

/** A client that sends what it likes. */
export async function rawClient(path: string): Promise<Raw> {
  const socket = connect(path);
  let text = "";
  socket.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  return { socket, heard: () => text, closed };
}
