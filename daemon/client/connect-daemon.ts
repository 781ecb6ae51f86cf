// The client's end of the daemon's socket: finds it, starts it where none is up, shakes hands, asks, hears events, ends it.
// For the command line and the editor alike.
import { readFile, stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  createMessageConnection,
  type Message,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";
import {
  daemonSilent,
  daemonUnreachable,
  Failure,
  type FailureCode,
  failureCodes,
} from "../base/failure.ts";
import type { DaemonPlaces } from "../protocol/daemon-places.ts";
import {
  DAEMON_PROTOCOL,
  errorDataSchema,
  handshakeMs,
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

interface Connection {
  /** Rejects with the Failure that the daemon met, or `daemonUnreachable`. */
  ask<Name extends MethodName>(name: Name, params: Params<Name>): Promise<Result<Name>>;
  /** Events after `after`; a snapshot first where that is null or forgotten. */
  subscribe(after: EventPlace | null, listener: QueueListener): Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  dispose(): void;
}

export interface Daemon extends Connection {
  /** Its program's. */
  readonly version: string;
}

/**
 * The daemon that is up, or undefined where none is. `client` says who asks; connection and answer may take `limitMs` each.
 * Throws `otherDaemon`, `daemonUnreachable`, `daemonSilent`.
 */
export async function findDaemon(
  places: DaemonPlaces,
  client: string,
  limitMs: number = handshakeMs,
): Promise<Daemon | undefined> {
  const socket = await openSocket(places, limitMs);
  if (socket === undefined) return undefined;
  const connection = open(socket);
  try {
    const token = await readToken(places);
    const greeting = { protocol: DAEMON_PROTOCOL, token, client };
    const { version } = await connection.ask("handshake", greeting);
    socket.setTimeout(0);
    return { ...connection, version };
  } catch (error) {
    connection.dispose();
    throw error;
  }
}

/**
 * Ends the daemon that is up, of whatever version; `replacedBy` as in the message. Resolves once it has ended, where
 * another one replaces it also when that takes longer than `limitMs`, and says whether it does: false where it stays, or
 * where none was up. Connection and answer may take `limitMs` each. Throws `daemonUnreachable`, `daemonSilent`.
 */
export async function endDaemon(
  places: DaemonPlaces,
  replacedBy: string | null,
  limitMs: number = handshakeMs,
): Promise<boolean> {
  const socket = await openSocket(places, limitMs);
  if (socket === undefined) return false;
  const connection = open(socket);
  try {
    const token = await readToken(places);
    const { ends } = await connection.ask("shutdown", { token, replacedBy });
    if (!ends) return false;
    // It may have a step to end, or wait for its disk. Whoever starts another one tries that meanwhile.
    if (replacedBy === null) socket.setTimeout(0);
    await connection.closed;
    return true;
  } finally {
    connection.dispose();
  }
}

const readToken = ({ token }: DaemonPlaces): Promise<string> =>
  readFile(token, "utf8").catch(() => "");

/** How long a daemon may take to come up. */
const mostStartMs = 15_000;

/** How a client begins a daemon. */
export interface DaemonStarter {
  /** Of what `start` begins: an older daemon that has nothing to do makes room for it. */
  readonly version: string;
  /** Rejects where it cannot come up, and resolves where it has ended because another one is up. */
  start(): Promise<void> | undefined;
}

/** The daemon that is up, or a new one. Throws `otherDaemon`, `daemonUnreachable`, `daemonSilent`. */
export async function findOrStartDaemon(
  places: DaemonPlaces,
  client: string,
  { version, start }: DaemonStarter,
): Promise<Daemon> {
  // Its socket may be a moment older than its token, or that of a daemon that is ending.
  const find = (): Promise<Daemon | undefined> =>
    findPresent(places, client, version).catch((error: Failure) => {
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

/** One that has to make room for `version` has ended after that, and is not found. */
async function findPresent(
  places: DaemonPlaces,
  client: string,
  version: string,
): Promise<Daemon | undefined> {
  try {
    const daemon = await findDaemon(places, client);
    if (daemon === undefined) return undefined;
    return (await makeRoom(daemon, places, version)) ? undefined : daemon;
  } catch (error) {
    const isOther = error instanceof Failure && error.code === "daemon.version";
    if (isOther && (await endDaemon(places, version))) return undefined;
    throw error;
  }
}

/** Whether the daemon has ended because it is older than `version` and had nothing to do. */
export async function makeRoom(
  daemon: Daemon,
  places: DaemonPlaces,
  version: string,
): Promise<boolean> {
  if (daemon.version === version) return false;
  try {
    if (!(await endDaemon(places, version))) return false;
    await daemon.closed;
    return true;
  } catch (error) {
    daemon.dispose();
    throw error;
  }
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

/** It ends with `daemonSilent` where nothing comes for so long, until that limit is lifted. */
async function openSocket(
  { socket: path }: DaemonPlaces,
  limitMs: number,
): Promise<Socket | undefined> {
  await refuseStrangers(path);
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(limitMs, () => socket.destroy(daemonSilent(limitMs)));
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const isAbsent = ["ENOENT", "ECONNREFUSED", "ENOTDIR"].includes(error.code ?? "");
      if (isAbsent) resolve(undefined);
      else reject(toFailure(error));
    });
  });
}

function open(socket: Socket): Connection {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new QuietWriter(socket),
  );
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  let why = daemonUnreachable("an end of the connection");
  const broken = closed.then(untilHandedOn).then(() => {
    throw why;
  });
  broken.catch(() => {});
  socket.on("error", (error) => {
    if (error instanceof Failure) why = error;
  });
  connection.onError(() => socket.destroy());
  connection.listen();
  const ask: Connection["ask"] = async (name, params) => {
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

/** A message is handed on two turns of the event loop after its bytes have come; the end may come with them. */
async function untilHandedOn(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
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
  if (error instanceof Failure) return error;
  if (!(error instanceof ResponseError)) return daemonUnreachable((error as Error).message);
  const { data } = errorDataSchema.safeParse(error.data);
  const code = failureCodes.find((known) => known === data?.code);
  return code === undefined
    ? daemonUnreachable(error.message)
    : new Failure(code satisfies FailureCode, error.message);
}
