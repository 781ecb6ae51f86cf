// Starts the engine process by path and talks to it. Knows messages, not what they do.
import { type ChildProcess, fork } from "node:child_process";
import type { Readable } from "node:stream";
import { engineCrashed, Failure, otherEngine, programDefect } from "../base/failure.ts";
import type { CachePlace } from "../cache/cache-place.ts";
import type { Plan } from "../plan/plan.ts";
import {
  ENGINE_PROTOCOL,
  type EngineReply,
  type EngineRequest,
  engineReplySchema,
  type Outcome,
} from "../protocol/engine-message.ts";
import type { Preview } from "../protocol/preview.ts";

export type EngineEvent = Extract<EngineReply, { kind: "event" }>;
export type EngineEnd = Extract<EngineReply, { kind: "ended" }>;

export interface Engine {
  /** Undefined where the process could not be started. */
  readonly pid: number | undefined;
  /** Rejects with `engineCrashed` and `otherEngine`; how the run itself ended is a value. */
  run(plan: Plan, onEvent: (event: EngineEvent) => void, watching?: Watching): Promise<EngineEnd>;
  doctor(): Promise<EngineEnd>;
  /** The run ends after its present step. */
  cancel(): void;
  /** Ends the process at once, in the middle of whatever it does. */
  kill(): void;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>;
}

interface Watching {
  /** File that the run goes on from and keeps its state in; absent: none. */
  readonly checkpoint?: string | null;
  /** Folder that stage pictures and attention maps are kept in; absent: none are. */
  readonly trace?: string | null;
  /** Called with small pictures of the run; where it is absent, none are made. */
  onPreview?(preview: Preview): void;
}

export interface EngineOptions {
  /** Where prepared networks are kept; absent or null: nowhere. */
  readonly cache?: CachePlace | null;
  /** File of the maps for previews that runs have fitted; absent: they are forgotten with the process. */
  readonly latentMaps?: string;
  /** What the process writes about itself; no prompt is in it. */
  onWords?(text: string): void;
  /** Every second, busy or not: bytes of memory that the process would give back, files that it maps not counted. */
  onHeartbeat?(heldBytes: number): void;
}

/** Variables that an engine's libraries read at its start (docs/performance.md has the allocator's figures). */
const libraries = {
  // ONNX Runtime tells Microsoft nothing, and leaves no files of that in the temporary folder.
  ORT_DISABLE_TELEMETRY: "1",
  // Without a fixed threshold glibc keeps what loading and seldom called networks took.
  MALLOC_MMAP_THRESHOLD_: "262144",
  // Pages of 2 MB: what is given back and taken again costs a tenth of the page faults.
  GLIBC_TUNABLES: "glibc.malloc.hugetlb=1",
};

/** Of the pipe that heartbeats come through, on the engine's side. */
const heartbeatDescriptor = 4;

/** `path` is the engine's bundle. The process ends with this one. */
export function startEngine(path: string, options: EngineOptions = {}): Engine {
  const { cache = null, latentMaps } = options;
  const own = latentMaps === undefined ? [] : [latentMaps];
  const child = fork(path, [`${heartbeatDescriptor}`, JSON.stringify(cache), ...own], {
    env: { ...process.env, ...libraries },
    stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"],
  });
  hearHeartbeats(child, options);
  const crash = untilCrash(child, options);
  const listen = <T>(take: (reply: EngineReply) => T | undefined): Promise<T> =>
    Promise.race([crash, untilTaken(child, path, take)]);
  const ready = listen((reply) => (reply.kind === "ready" ? reply : undefined));
  // Nobody has to hear of it before something is asked for.
  for (const promise of [crash, ready]) promise.catch(() => {});
  const send = (request: EngineRequest): void => void child.send(request, () => {});
  const takeTurn = turns();
  const ask = async (
    request: EngineRequest,
    onEvent: (event: EngineEvent) => void,
    onPreview: (preview: Preview) => void = () => {},
  ): Promise<EngineEnd> => {
    await ready;
    const isOwn = takeTurn();
    const ended = listen((reply) => {
      if (!isOwn(reply)) return undefined;
      if (reply.kind === "event") onEvent(reply);
      if (reply.kind === "preview") onPreview(reply.preview);
      return reply.kind === "ended" ? reply : undefined;
    });
    send(request);
    return ended;
  };
  return {
    pid: child.pid,
    run: (plan, onEvent, { checkpoint = null, trace = null, onPreview } = {}) => {
      const previews = onPreview !== undefined;
      return ask({ kind: "run", plan, checkpoint, trace, previews }, onEvent, onPreview);
    },
    doctor: () => ask({ kind: "doctor" }, () => {}),
    // After `ready`, so that it never overtakes the run it is about.
    cancel: () => void ready.then(() => send({ kind: "cancel" })).catch(() => {}),
    kill: () => void child.kill("SIGKILL"),
    ended: crash.catch(() => {}),
  };
}

/** The engine answers one request after the other: whether a reply belongs to the one that took this turn. */
function turns(): () => (reply: EngineReply) => boolean {
  let unanswered = 0;
  return () => {
    let before = unanswered;
    unanswered += 1;
    return ({ kind }) => {
      const isOwn = before === 0;
      if (kind !== "ended") return isOwn;
      if (isOwn) unanswered -= 1;
      else before -= 1;
      return isOwn;
    };
  };
}

function hearHeartbeats(child: ChildProcess, { onHeartbeat }: EngineOptions): void {
  const pipe = child.stdio[heartbeatDescriptor] as Readable | null | undefined;
  pipe?.setEncoding("utf8").on("data", (text: string) => {
    const heldBytes = Number(text.trimEnd().split("\n").at(-1));
    if (Number.isFinite(heldBytes)) onHeartbeat?.(heldBytes);
  });
  pipe?.on("error", () => {});
}

/** What `take` makes of the first reply that it wants. Rejects with `otherEngine` on a message of another protocol. */
function untilTaken<T>(
  child: ChildProcess,
  path: string,
  take: (reply: EngineReply) => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const { data: reply } = engineReplySchema.safeParse(message);
      if (reply === undefined)
        reject(otherEngine(path, ENGINE_PROTOCOL, describeStranger(message)));
      const taken = reply && take(reply);
      if (reply !== undefined && taken === undefined) return;
      child.off("message", onMessage);
      if (taken !== undefined) resolve(taken);
    };
    child.on("message", onMessage);
  });
}

function describeStranger(message: unknown): string {
  const isReady = typeof message === "object" && message !== null && "protocol" in message;
  return isReady ? `protocol ${message.protocol}` : "a message of another one";
}

/** Never resolves; rejects with `engineCrashed` once the process has ended or cannot be started. */
function untilCrash(child: ChildProcess, { onWords }: EngineOptions): Promise<never> {
  const mostCharacters = 20_000;
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-mostCharacters);
    onWords?.(text);
  });
  return new Promise((_, reject) => {
    const fail = (how: string, advice: string): void =>
      reject(engineCrashed(how, advice, lastWords.trim()));
    child.on("error", (error) => fail(error.message, "run it again"));
    child.once("close", (code, signal) =>
      fail(`an end with ${signal ?? `code ${code}`}`, advise(signal)),
    );
  });
}

function advise(signal: NodeJS.Signals | null): string {
  if (signal !== "SIGKILL") return "run it again";
  return "a system that is short of memory ends programs like this, so run it again with a smaller size or fewer images";
}

/** Throws what a request ended with, unless it ended well. */
export function throwUnlessDone(outcome: Outcome): void {
  switch (outcome.kind) {
    case "done":
    case "report":
      return;
    case "failed":
      throw new Failure(outcome.code, outcome.message);
    case "defect":
      throw programDefect(outcome.message);
    default:
      outcome satisfies never;
  }
}
