// The engine process on its own: its first message, requests it does not know, several at once, and its silence.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import type { Plan, SharedPlan } from "../../daemon/plan/plan.ts";
import {
  ENGINE_PROTOCOL,
  type EngineReply,
  engineReplySchema,
} from "../../daemon/protocol/engine-message.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";
import { planOfGolden } from "../support/published-run.ts";

const bundle = join(import.meta.dirname, "../../dist/engine.js");
if (!existsSync(bundle))
  throw new Error("dist/engine.js is not built; run `node scripts/build.mjs`");

const folder = mkdtempSync(join(tmpdir(), "frecas-engine-"));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Talk {
  readonly child: ChildProcess;
  /** Every reply so far, each checked against the protocol. */
  readonly replies: readonly EngineReply[];
  /** Everything it has written to its error output. */
  words(): string;
  /** Resolves with the reply of this kind that comes as the `nth`, from 1. */
  nth(kind: EngineReply["kind"], nth: number): Promise<EngineReply>;
}

function startEngine(): Talk {
  const child = fork(bundle, [], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  children.push(child);
  const replies: EngineReply[] = [];
  let words = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
  const waiting = new Set<() => void>();
  child.on("message", (message) => {
    replies.push(engineReplySchema.parse(message));
    for (const look of waiting) look();
  });
  const nth: Talk["nth"] = (kind, count) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const reply = replies.filter((each) => each.kind === kind)[count - 1];
        if (reply === undefined) return;
        waiting.delete(look);
        resolve(reply);
      };
      waiting.add(look);
      child.once("exit", (code) => reject(new Error(`the engine ended with ${code}: ${words}`)));
      look();
    });
  return { child, replies, words: () => words, nth };
}

const plan = (changes: Partial<SharedPlan> = {}): Plan => ({
  ...planOfGolden("sd15", join(folder, "out")),
  ...changes,
});

it("says first that it is ready, and in which protocol", async () => {
  const engine = startEngine();
  await engine.nth("ready", 1);
  expect(engine.replies).toEqual([{ kind: "ready", protocol: ENGINE_PROTOCOL }]);
});

it("ignores what is no request and still answers the next one", async () => {
  const engine = startEngine();
  const strange = [
    null,
    7,
    "run",
    [],
    {},
    { kind: "run" },
    { kind: "dance" },
    { plan: "xyzzy" },
    { kind: 5 },
  ];
  for (const message of strange) engine.child.send(message as object);
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  const reply = await engine.nth("ended", 1);
  expect(reply).toMatchObject({ outcome: { kind: "done" } });
  expect(engine.words().trimEnd().split("\n")).toEqual(
    strange.map(() => "engine: ignored a message that it does not know"),
  );
});

it.each([
  ["nothing", null],
  ["text", "paint a lake"],
  ["another version", { ...plan(), version: 99 }],
  ["no stages", { ...plan(), stages: [] }],
  ["an unknown key", { ...plan(), surprise: true }],
])("answers a plan that is %s with a failure", async (_, wrong) => {
  const engine = startEngine();
  engine.child.send({ kind: "run", plan: wrong, checkpoint: null, trace: null, previews: false });
  expect(await engine.nth("ended", 1)).toMatchObject({
    outcome: {
      kind: "failed",
      code: "recipe.invalid",
      message: expect.stringMatching(/^plan: must be/),
    },
  });
});

it("answers requests that come together one after the other, and opens their text encoder and denoiser once", async () => {
  const engine = startEngine();
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  await engine.nth("ended", 2);
  const kinds = engine.replies.map((reply) =>
    reply.kind === "event" ? `${reply.event.kind}${partOf(reply.event)}` : reply.kind,
  );
  const first = kinds.slice(1, kinds.indexOf("ended") + 1);
  const again = first.filter((kind) => !/^open.* denoiser|text$/.test(kind));
  expect(again.length).toBeLessThan(first.length);
  expect(kinds).toEqual(["ready", ...first, ...again]);
});

const partOf = (event: RunEvent): string => ("part" in event ? ` ${event.part}` : "");

it("takes cancel for the present run only", async () => {
  const engine = startEngine();
  engine.child.send({ kind: "cancel" });
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  await engine.nth("event", 1);
  engine.child.send({ kind: "cancel" });
  const stopped = { kind: "failed", code: "run.cancelled" };
  expect(await engine.nth("ended", 1)).toMatchObject({ outcome: stopped });
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  expect(await engine.nth("ended", 2)).toMatchObject({ outcome: { kind: "done" } });
});

it("says no prompt, whether a run ends well or not, and lets the runtime say nothing", async () => {
  const secret = "xyzzy-secret";
  const prompts = plan().prompts.map((prompt) => ({ ...prompt, text: secret }));
  const engine = startEngine();
  engine.child.send({
    kind: "run",
    plan: plan({ prompts, negative: secret }),
    checkpoint: null,
    trace: null,
    previews: false,
  });
  await engine.nth("ended", 1);
  const broken = { ...plan().model, folder: join(folder, "none") };
  engine.child.send({
    kind: "run",
    plan: plan({ prompts, negative: secret, model: broken }),
    checkpoint: null,
    trace: null,
    previews: false,
  });
  await engine.nth("ended", 2);
  engine.child.send({
    kind: "run",
    plan: { ...plan({ prompts }), version: 2 },
    checkpoint: null,
    trace: null,
    previews: false,
  });
  await engine.nth("ended", 3);
  expect(JSON.stringify(engine.replies)).not.toContain(secret);
  expect(engine.words()).toBe("");
});

it("ends by itself once nobody listens", async () => {
  const engine = startEngine();
  await engine.nth("ready", 1);
  const code = new Promise((resolve) => engine.child.once("exit", resolve));
  engine.child.disconnect();
  expect(await code).toBe(0);
});

it("ends by itself in mid-run once nobody listens, and does not start what waits", async () => {
  const engine = startEngine();
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  engine.child.send({ kind: "run", plan: plan(), checkpoint: null, trace: null, previews: false });
  await engine.nth("event", 1);
  const code = new Promise((resolve) => engine.child.once("exit", resolve));
  engine.child.disconnect();
  expect(await code).toBe(0);
});
