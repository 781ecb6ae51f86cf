// One engine for run after run, played by the test: what is asked of it before it is there is not lost.
import { expect, it, onTestFinished, vi } from "vitest";
import { engineCrashed } from "../../daemon/base/failure.ts";
import type { Engine } from "../../daemon/supervisor/start-engine.ts";
import { WarmEngine } from "../../daemon/supervisor/warm-engine.ts";

const idleMs = 60_000;

/** An engine that ends a run well when the test says so; the memory that the machine has left is the test's too. */
function played(memory = { availableBytes: 2 ** 34 }, keptMs = idleMs) {
  const engines: { asked: string[]; finish(): void; beat(heldBytes: number): void }[] = [];
  const warm = new WarmEngine({
    idleMs: () => keptMs,
    availableBytes: (engineBytes) => memory.availableBytes - engineBytes,
    onWords: () => {},
    start: ({ onHeartbeat }) => {
      const asked: string[] = [];
      let finish = (): void => {};
      let die = (): void => {};
      const crash = new Promise<never>((_, reject) => {
        die = () => reject(engineCrashed("an end with SIGKILL", "run it again", ""));
      });
      crash.catch(() => {});
      const engine: Engine = {
        pid: 1,
        run: () => {
          asked.push("run");
          const ended = new Promise<Awaited<ReturnType<Engine["run"]>>>((resolve) => {
            finish = () =>
              resolve({ kind: "ended", atMs: 1, peakBytes: 2, outcome: { kind: "done" } });
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
      engines.push({ asked, finish: () => finish(), beat: (heldBytes) => onHeartbeat?.(heldBytes) });
      return engine;
    },
  });
  const run = () =>
    warm.run(
      {},
      { checkpoint: "/nowhere/1.safetensors", trace: "/nowhere/1" },
      { onEvent: () => {}, onPreview: () => {} },
    );
  return { warm, engines, run };
}

const cancelled = { kind: "ended", end: { kind: "cancelled" } };
const done = { kind: "ended", end: { kind: "done", seconds: 0, peakBytes: 2 } };

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
