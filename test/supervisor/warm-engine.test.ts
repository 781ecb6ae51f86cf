// One engine for run after run, played by the test: what is asked of it before it is there is not lost.
import { expect, it, onTestFinished, vi } from "vitest";
import { engineCrashed } from "../../daemon/base/failure.ts";
import type { Outcome } from "../../daemon/protocol/engine-message.ts";
import type { Engine, EngineEnd, EngineEvent } from "../../daemon/supervisor/start-engine.ts";
import { WarmEngine } from "../../daemon/supervisor/warm-engine.ts";

const idleMs = 60_000;

interface Played {
  readonly asked: readonly string[];
  /** Ends the run, well where nothing else is said. */
  finish(outcome?: Outcome): void;
  /** The run has done so many of its ten steps. */
  step(atMs: number, done: number): void;
  beat(heldBytes: number): void;
}

/** An engine that ends a run when the test says so; the memory that the machine has left is the test's too. */
function played(memory = { availableBytes: 2 ** 34 }, keptMs = idleMs) {
  const engines: Played[] = [];
  const words: string[] = [];
  const warm = new WarmEngine({
    idleMs: () => keptMs,
    availableBytes: (engineBytes) => memory.availableBytes - engineBytes,
    onWords: (text) => void words.push(text),
    start: ({ onHeartbeat }) => {
      const asked: string[] = [];
      let finish: Played["finish"] = () => {};
      let tell: (event: EngineEvent) => void = () => {};
      let die = (): void => {};
      const crash = new Promise<never>((_, reject) => {
        die = () => reject(engineCrashed("an end with SIGKILL", "run it again", ""));
      });
      crash.catch(() => {});
      const engine: Engine = {
        pid: 1,
        run: (_, onEvent) => {
          tell = onEvent;
          asked.push("run");
          const ended = new Promise<EngineEnd>((resolve) => {
            finish = (outcome = { kind: "done" }) =>
              resolve({ kind: "ended", atMs: 1, peakBytes: 2, outcome });
          });
          return Promise.race([ended, crash]);
        },
        doctor: () => crash,
        cancel: () => void asked.push("cancel"),
        kill: () => {
          asked.push("kill");
          die();
        },
        ended: crash.catch(() => {}),
      };
      engines.push({
        asked,
        finish: (outcome) => finish(outcome),
        step: (atMs, done) => tell({ kind: "event", atMs, event: { ...aStep, done } }),
        beat: (heldBytes) => onHeartbeat?.(heldBytes),
      });
      return engine;
    },
  });
  const run = () =>
    warm.run(
      {},
      { checkpoint: "/nowhere/1.safetensors", trace: "/nowhere/1" },
      { onEvent: () => {}, onPreview: () => {} },
    );
  return { warm, engines, run, words };
}

const cancelled = { kind: "ended", end: { kind: "cancelled" } };
const done = { kind: "ended", end: { kind: "done", seconds: null, peakBytes: 2 } };
const aStep = {
  kind: "step",
  prompt: 0,
  stage: 0,
  step: 0,
  steps: 10,
  timestep: 1,
  total: 10,
} as const;

it("runs one after the other have one engine", async () => {
  const { engines, run } = played();
  for (let time = 1; time <= 2; time += 1) {
    const ended = run();
    await expect.poll(() => engines[0]?.asked.length).toBe(time);
    engines[0]?.finish();
    expect(await ended).toEqual(done);
  }
  expect(engines).toHaveLength(1);
});

it.each(["cancel", "kill"] as const)(
  "%s before there is an engine keeps the run from starting",
  async (how) => {
    const { warm, engines, run } = played();
    const ended = run();
    warm[how]();
    expect(await ended).toEqual(cancelled);
    expect(engines).toEqual([]);
  },
);

it("a cancel is for one run only", async () => {
  const { warm, engines, run } = played();
  warm.cancel();
  const ended = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  engines[0]?.finish();
  expect(await ended).toEqual(done);
});

it("a run whose engine is killed is told as one that died, and the next one has another engine", async () => {
  const { warm, engines, run } = played();
  const ended = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  warm.kill();
  expect(await ended).toMatchObject({ kind: "died", why: expect.stringMatching(/SIGKILL/) });
  const next = run();
  await expect.poll(() => engines[1]?.asked).toEqual(["run"]);
  engines[1]?.finish();
  expect(await next).toEqual(done);
});

it("a run that begins as the engine's idle time ends is painted by another engine", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { engines, run } = played();
  const first = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  engines[0]?.finish();
  await first;
  const second = run();
  // It still sweeps.
  vi.advanceTimersByTime(idleMs);
  await expect.poll(() => engines[1]?.asked).toEqual(["run"]);
  engines[1]?.finish();
  expect(await second).toEqual(done);
  expect(engines[0]?.asked).toEqual(["run", "kill"]);
});

it.each([
  ["that does all of its steps is what they take", 1, 7.5],
  ["that goes on from a checkpoint is not known", 9, null],
])("the time of a run %s", async (_, first, seconds) => {
  const { engines, run } = played();
  const ended = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  engines[0]?.step(500, first);
  engines[0]?.step(8000, 10);
  engines[0]?.finish();
  expect(await ended).toMatchObject({ end: { kind: "done", seconds } });
});

it("a defect in the engine is told in a sentence, and its stack is in the log", async () => {
  const { engines, run, words } = played();
  const ended = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  const stack = "TypeError: x is not a function\n    at paint (engine.js:1:2)";
  engines[0]?.finish({ kind: "defect", message: stack });
  expect(await ended).toMatchObject({
    end: {
      code: "program.defect",
      message: expect.stringMatching(
        /^program: must end .*"TypeError: x is not a function"; please/,
      ),
    },
  });
  expect(words).toEqual([`defect: ${stack}\n`]);
});

it("an engine that is to stay for longer than a timer can wait stays", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { engines, run } = played(undefined, 100 * 86_400_000);
  const ended = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  engines[0]?.finish();
  await ended;
  vi.advanceTimersByTime(86_400_000);
  expect(engines[0]?.asked).toEqual(["run"]);
});

it.each([
  ["machine's", { availableBytes: 2 ** 20 }, 1],
  ["container's, of which the engine has taken it,", {}, 2 ** 34 - 2 ** 20],
])("a run ends with a reason before the %s memory does", async (_, left, heldBytes) => {
  const memory = { availableBytes: 2 ** 34 };
  const { engines, run } = played(memory);
  const ended = run();
  await expect.poll(() => engines[0]?.asked).toEqual(["run"]);
  engines[0]?.beat(1);
  expect(engines[0]?.asked).toEqual(["run"]);
  Object.assign(memory, left);
  engines[0]?.beat(heldBytes);
  expect(await ended).toMatchObject({
    kind: "ended",
    end: { kind: "failed", message: expect.stringMatching(/other programs have taken it/) },
  });
});
