// The session on the protocol's page: what a client and the daemon said while one small picture was painted.
import { noSuchRun } from "../../daemon/base/failure.ts";
import {
  DAEMON_PROTOCOL,
  failedRequest,
  type MethodName,
  methods,
} from "../../daemon/protocol/methods.ts";

interface Line {
  readonly from: "client" | "daemon";
  readonly message: Readonly<Record<string, unknown>>;
}

const run = {
  id: 1,
  name: "lake",
  model: "vista",
  size: { width: 256, height: 256 },
  stages: [
    { size: { width: 128, height: 128 }, steps: 3 },
    { size: { width: 256, height: 256 }, steps: 2 },
  ],
  file: "/home/ada/lake.frecas",
  submittedMs: 1795599715408,
  state: { kind: "queued" },
  pictures: [],
  keptStages: [],
};

const step = { prompt: 0, stage: 0, step: 0, steps: 3, timestep: 999, done: 1, total: 5 };

const done = {
  ...run,
  state: { kind: "done", seconds: 4.16, peakBytes: 247386112, endedMs: 1795599720115 },
  pictures: [
    { prompt: 0, image: 0, path: "/home/ada/results/lake/00000.00.png", atMs: 1795599720114 },
  ],
};

const recipe = {
  text: "name: lake\nprompt: a mountain lake\nsize: 256",
  file: run.file,
  name: null,
  changes: {},
};

/** Twelve messages. */
export const exampleSession: readonly Line[] = [
  ask(1, "handshake", { protocol: DAEMON_PROTOCOL, token: "948b1ce3…", client: "example" }),
  answer(1, { protocol: DAEMON_PROTOCOL, version: "0.1.0", pid: 17442 }),
  ask(2, "subscribe", { after: null }),
  answer(2, {}),
  tell("snapshot", {
    place: { epoch: "aa716efb5aa54d45", number: 0 },
    paused: false,
    runs: [],
    waiting: [],
  }),
  ask(3, "submit", { what: { kind: "recipe", recipe }, key: "6f1c2a7e" }),
  tell("event", { number: 1, event: { kind: "added", run } }),
  answer(3, { ids: [1], warnings: [] }),
  tell("event", {
    number: 14,
    event: { kind: "progress", id: 1, atMs: 1272.5, event: { kind: "step", ...step } },
  }),
  tell("event", { number: 41, event: { kind: "changed", run: done } }),
  ask(4, "cancel", { id: 99 }),
  refuse(4, noSuchRun(99)),
];

/** A line each; of a run only what it says anew. */
export function printSession(): string {
  return exampleSession
    .map(({ from, message }) => {
      const text = JSON.stringify(message, shorten).replaceAll('"…":0', "…");
      return `${from === "client" ? "→" : "←"} ${text}`;
    })
    .join("\n");
}

function shorten(key: string, value: unknown): unknown {
  if (key !== "run") return value;
  const { id, state } = value as typeof run;
  return { id, state, "…": 0 };
}

function ask(id: number, method: MethodName, given: object): Line {
  const params = { ...given, ...quietParams(method, given) };
  return { from: "client", message: { jsonrpc: "2.0", id, method, params } };
}

/** What the session has nothing to say about: every switch off. */
function quietParams(method: MethodName, given: object): object {
  const switches = Object.entries(methods[method].params.shape).filter(
    ([key, schema]) => !(key in given) && schema.safeParse(false).success,
  );
  return Object.fromEntries(switches.map(([key]) => [key, false]));
}

function answer(id: number, result: object): Line {
  return { from: "daemon", message: { jsonrpc: "2.0", id, result } };
}

function refuse(id: number, { message, code }: { message: string; code: string }): Line {
  const error = { code: failedRequest, message, data: { code } };
  return { from: "daemon", message: { jsonrpc: "2.0", id, error } };
}

function tell(method: string, params: object): Line {
  return { from: "daemon", message: { jsonrpc: "2.0", method, params } };
}
