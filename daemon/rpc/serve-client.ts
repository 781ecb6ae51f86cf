// One client: handshake, then requests in, answers and events out. A client can end at any moment, be slow, or send
// anything at all; nobody but itself notices.
import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import {
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";
import { otherDaemon } from "../base/failure.ts";
import {
  DAEMON_PROTOCOL,
  handshakeMs,
  type MethodName,
  methods,
  mostMessageBytes,
  type Params,
  type Result,
} from "../protocol/methods.ts";
import { answers } from "./answer.ts";
import { FrameReader } from "./frame-reader.ts";
import { sendEvents } from "./send-events.ts";
import type { Services } from "./services.ts";
import { invalidParams, toResponseError } from "./to-response-error.ts";

/** Time for the answer to a wrong handshake to leave. */
const farewellMs = 100;

/** Requests of one client that are at work at a time; it is read on when one of them is done. */
const mostAtWork = 32;

export function serveClient(socket: Socket, services: Services): void {
  const end = (why: string): void => {
    services.log(`client: ended, it sent ${why}`);
    socket.destroy();
  };
  const reader = new FrameReader(socket, mostMessageBytes, end);
  const connection = createMessageConnection(reader, new SocketMessageWriter(socket));
  const client: Client = {
    socket,
    services,
    connection,
    end,
    isKnown: false,
    atWork: 0,
    stopEvents: () => {},
  };
  const timer = setTimeout(() => client.isKnown || end("no handshake"), handshakeMs);
  socket.on("close", () => {
    clearTimeout(timer);
    client.stopEvents();
    connection.dispose();
  });
  // Its end is told by "close".
  socket.on("error", () => {});
  connection.onError(() => socket.destroy());
  connection.onRequest((method: string, params: unknown) =>
    limited(client, () => answer(client, method, params)),
  );
  connection.onUnhandledNotification(() => {
    if (!client.isKnown) end("a notification before its handshake");
  });
  connection.listen();
}

interface Client {
  readonly socket: Socket;
  readonly services: Services;
  readonly connection: MessageConnection;
  readonly end: (why: string) => void;
  isKnown: boolean;
  atWork: number;
  stopEvents: () => void;
}

/** Stops reading while a client has much at work, or does not read its answers. */
async function limited<T>(client: Client, work: () => Promise<T>): Promise<T> {
  client.atWork += 1;
  if (client.atWork >= mostAtWork) client.socket.pause();
  try {
    return await work();
  } finally {
    client.atWork -= 1;
    if (client.atWork < mostAtWork) goOnReading(client.socket);
  }
}

function goOnReading(socket: Socket): void {
  if (!socket.writableNeedDrain) socket.resume();
  else if (socket.listenerCount("drain") < mostAtWork) {
    socket.pause();
    socket.once("drain", () => socket.resume());
  }
}

async function answer(client: Client, method: string, params: unknown): Promise<unknown> {
  if (!Object.hasOwn(methods, method)) {
    if (!client.isKnown) client.end("another method before its handshake");
    return new ResponseError(ErrorCodes.MethodNotFound, `${method.slice(0, 40)}: no such method`);
  }
  const name = method as MethodName;
  if (!client.isKnown && name !== "handshake" && name !== "shutdown") {
    client.end("another method before its handshake");
    return undefined;
  }
  const checked = methods[name].params.safeParse(params ?? {});
  if (!checked.success) return invalidParams(name, checked.error);
  try {
    return await call(client, name, checked.data);
  } catch (error) {
    return toResponseError(error, client.services.log);
  }
}

function call(client: Client, name: MethodName, params: unknown): unknown {
  switch (name) {
    case "handshake":
      return shakeHands(client, params as Params<"handshake">);
    case "subscribe": {
      client.stopEvents();
      const asked = params as Params<"subscribe">;
      client.stopEvents = sendEvents(client.connection, client.services.queue, asked);
      return {};
    }
    case "shutdown": {
      const { token, replacedBy } = params as Params<"shutdown">;
      checkToken(client, token);
      return { ends: client.services.shutdown(replacedBy) };
    }
    default:
      // The table of answers and the schemas of `methods` belong to each other by their types.
      return (answers[name] as (params: unknown, services: Services) => unknown)(
        params,
        client.services,
      );
  }
}

function shakeHands(client: Client, { token, protocol }: Params<"handshake">): Result<"handshake"> {
  const { services } = client;
  checkToken(client, token);
  if (protocol !== DAEMON_PROTOCOL) {
    setTimeout(() => client.socket.end(), farewellMs).unref();
    throw otherDaemon(protocol, `protocol ${DAEMON_PROTOCOL}`);
  }
  client.isKnown = true;
  return { protocol: DAEMON_PROTOCOL, version: services.version, pid: services.pid };
}

function checkToken(client: Client, token: string): void {
  if (isSame(token, client.services.token)) return;
  client.end("another token");
  throw otherDaemon(DAEMON_PROTOCOL, "another token");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
