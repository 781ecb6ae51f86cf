// The client's end of the daemon's socket: finds it, starts it where none is up, shakes hands, asks, hears events.
// For the command line and the editor alike.
import { readFile, stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import {
  createMessageConnection,
  type Message,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";
import { daemonUnreachable, Failure, type FailureCode, failureCodes } from "../base/failure.ts";
import type { DaemonPlaces } from "../protocol/daemon-places.ts";
import {
  DAEMON_PROTOCOL,
  errorDataSchema,
  type MethodName,
  methods,
  notifications,
  type Params,
  type Result,
} from "../protocol/methods.ts";
import type { RunPreview } from "../protocol/preview.ts";
import type { EventPlace, QueueEvent, Snapshot } from "../protocol/queue-event.ts";

export interface QueueListener {
  onSnapshot(snapshot: Snapshot): void;
  onEvent(event: QueueEvent, number: number): void;
  /** Where it is absent no previews are sent. */
  onPreview?(preview: RunPreview): void;
}

export interface Daemon {
  /** Rejects with the Failure that the daemon met, or `daemonUnreachable`. */
  ask<Name extends MethodName>(name: Name, params: Params<Name>): Promise<Result<Name>>;
  /** Events after `after`; a snapshot first where that is null or forgotten. */
  subscribe(after: EventPlace | null, listener: QueueListener): Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  dispose(): void;
}

/** The daemon that is up, or undefined where none is. `client` says who asks. Throws `otherDaemon`, `daemonUnreachable`. */
export async function findDaemon(
  places: DaemonPlaces,
  client: string,
): Promise<Daemon | undefined> {
  await refuseStrangers(places.socket);
  const socket = await openSocket(places.socket);
  if (socket === undefined) return undefined;
  const daemon = open(socket);
  try {
    const token = await readFile(places.token, "utf8").catch(() => "");
    await daemon.ask("handshake", { protocol: DAEMON_PROTOCOL, token, client });
    return daemon;
  } catch (error) {
    daemon.dispose();
    throw error;
  }
}

/** How long a daemon may take to come up. */
const mostStartMs = 15_000;

/**
 * The daemon that is up, or a new one that `start` begins; what `start` returns rejects where it cannot come up, and
 * resolves where it has ended because another one is up. Throws `otherDaemon`, `daemonUnreachable`.
 */
export async function findOrStartDaemon(
  places: DaemonPlaces,
  client: string,
  start: () => Promise<void> | undefined,
): Promise<Daemon> {
  // Its socket may be a moment older than its token, or that of a daemon that is ending.
  const find = (): Promise<Daemon | undefined> =>
    findDaemon(places, client).catch((error: Failure) => {
      if (error.code === "daemon.unreachable") return undefined;
      throw error;
    });
  const found = await find();
  if (found !== undefined) return found;
  let attempt = begin(start);
  const startedMs = performance.now();
  while (performance.now() - startedMs < mostStartMs) {
    const pause = new Promise((resolve) => setTimeout(resolve, 25));
    await Promise.race([pause, attempt.failed]);
    const daemon = await find();
    if (daemon !== undefined) return daemon;
    if (attempt.isOver()) attempt = begin(start);
  }
  throw daemonUnreachable(`nothing within ${mostStartMs / 1000} s of its start`);
}

/** How long one that met another is waited for at least: that one may be coming up, or ending. */
const leastAttemptMs = 500;

function begin(start: () => Promise<void> | undefined) {
  const sinceMs = performance.now();
  let hasEnded = false;
  const ended = start() ?? new Promise<void>(() => {});
  const failed = ended.then((): Promise<never> => {
    hasEnded = true;
    return new Promise(() => {});
  });
  failed.catch(() => {});
  return { failed, isOver: () => hasEnded && performance.now() - sinceMs > leastAttemptMs };
}

/** Where the socket's folder is in a place that all users share, another one may have made it first. */
async function refuseStrangers(socket: string): Promise<void> {
  const owner = await stat(dirname(socket)).catch(() => undefined);
  if (owner === undefined || process.getuid === undefined) return;
  if (owner.uid !== process.getuid())
    throw daemonUnreachable(`a folder of another user, ${dirname(socket)}`);
}

function openSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const isAbsent = ["ENOENT", "ECONNREFUSED", "ENOTDIR"].includes(error.code ?? "");
      if (isAbsent) resolve(undefined);
      else reject(daemonUnreachable(error.message));
    });
  });
}

function open(socket: Socket): Daemon {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new QuietWriter(socket),
  );
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  const broken = closed.then(() => {
    throw daemonUnreachable("an end of the connection");
  });
  broken.catch(() => {});
  socket.on("error", () => {});
  connection.onError(() => socket.destroy());
  connection.listen();
  const ask: Daemon["ask"] = async (name, params) => {
    const answer = send(connection, name, params);
    answer.catch(() => {});
    const { data, error } = methods[name].result.safeParse(await Promise.race([answer, broken]));
    if (error !== undefined) throw daemonUnreachable(`an answer to ${name} of another form`);
    return data as Result<typeof name>;
  };
  return {
    ask,
    subscribe: async (after, listener) => {
      hear(connection, listener);
      await ask("subscribe", { after, previews: listener.onPreview !== undefined });
    },
    closed,
    dispose: () => {
      connection.dispose();
      socket.destroy();
    },
  };
}

/** What cannot be written is told by the end of the connection, and by nothing that nobody could catch. */
class QuietWriter extends SocketMessageWriter {
  override async write(message: Message): Promise<void> {
    await super.write(message).catch(() => {});
  }
}

/** Rejects with a Failure, also where the connection has ended before. */
async function send(
  connection: MessageConnection,
  name: MethodName,
  params: object,
): Promise<unknown> {
  try {
    return await connection.sendRequest(name, params);
  } catch (error) {
    throw toFailure(error);
  }
}

function hear(connection: MessageConnection, listener: QueueListener): void {
  connection.onNotification("event", (params: unknown) => {
    const { event, number } = notifications.event.params.parse(params);
    listener.onEvent(event, number);
  });
  connection.onNotification("preview", (params: unknown) =>
    listener.onPreview?.(notifications.preview.params.parse(params)),
  );
  connection.onNotification("snapshot", (params: unknown) =>
    listener.onSnapshot(notifications.snapshot.params.parse(params)),
  );
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof ResponseError)) return daemonUnreachable((error as Error).message);
  const { data } = errorDataSchema.safeParse(error.data);
  const code = failureCodes.find((known) => known === data?.code);
  return code === undefined
    ? daemonUnreachable(error.message)
    : new Failure(code satisfies FailureCode, error.message);
}
