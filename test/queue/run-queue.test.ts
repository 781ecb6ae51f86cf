// The live queue with an engine that a test plays: what is acknowledged is kept, whatever ends when.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { died, done, expectSame, full, open, plansOf, settled, stepAt } from "./played-queue.ts";

describe("runs", () => {
  it("are painted one after the other", async () => {
    const opened = await open();
    expect(await opened.queue.submit(plansOf("a", "b"), null)).toEqual([1, 2]);
    await settled(opened, "1 running, 2 queued");
    opened.end(done);
    await settled(opened, "1 done, 2 running");
    opened.end(full);
    await settled(opened, "1 done, 2 failed");
    expect(opened.begun).toEqual(["a", "b"]);
    expectSame(opened);
  });

  it("that are submitted with the same key are the same runs", async () => {
    const { queue } = await open();
    const first = queue.submit(plansOf("a"), "the same key");
    const second = queue.submit(plansOf("a"), "the same key");
    expect(await Promise.all([first, second])).toEqual([[1], [1]]);
    expect(await queue.submit(plansOf("a"), "the same key")).toEqual([1]);
    expect(await queue.submit(plansOf("a"), "another key")).toEqual([2]);
  });

  it("tell how far they are, and each picture once", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a"), null);
    await expect.poll(() => opened.begun.length).toBe(1);
    const step = { prompt: 0, stage: 1, step: 2, steps: 5, done: 7, total: 10 };
    opened.tell({ kind: "step", timestep: 3, ...step });
    for (let time = 0; time < 2; time += 1)
      opened.tell({ kind: "picture", prompt: 0, image: 0, path: "/lake.png", again: false });
    await expect
      .poll(() => opened.queue.get(1).run)
      .toMatchObject({
        state: { progress: step },
        pictures: [{ prompt: 0, image: 0, path: "/lake.png" }],
      });
  });
});

it("a picture that is painted again is newer, and one that is told again is not", async () => {
  let clock = 0;
  const opened = await open(undefined, () => ++clock);
  await opened.queue.submit(plansOf("a"), null);
  await expect.poll(() => opened.begun.length).toBe(1);
  const tell = (image: number, again: boolean): void =>
    opened.tell({ kind: "picture", prompt: 0, image, path: `/${image}.png`, again });
  const times = (): readonly number[] => opened.queue.get(1).run.pictures.map(({ atMs }) => atMs);
  tell(0, false);
  tell(1, true);
  await expect.poll(() => times().length).toBe(2);
  const before = times();
  tell(1, true);
  tell(0, false);
  await expect.poll(() => times()[0]).toBeGreaterThan(before[0] ?? 0);
  expect(times()[1]).toBe(before[1]);
  expectSame(opened);
});

describe("stages that are kept", () => {
  const kept = { prompt: 0, stage: 0, pictures: ["/1/0-0-0.png"], maps: "/1/0-0.safetensors" };

  it("are in the run, each once, as it was kept last", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a"), null);
    await expect.poll(() => opened.begun.length).toBe(1);
    opened.tell({ kind: "stage-kept", ...kept, maps: null });
    opened.tell({ kind: "stage-kept", ...kept });
    opened.tell({ kind: "stage-kept", ...kept, stage: 1 });
    await expect
      .poll(() => opened.queue.get(1).run.keptStages)
      .toEqual([kept, { ...kept, stage: 1 }]);
    expectSame(opened);
  });

  it("are forgotten at the end of a run where their files are gone", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a"), null);
    await expect.poll(() => opened.begun.length).toBe(1);
    opened.tell({ kind: "stage-kept", ...kept });
    opened.end(done);
    await expect.poll(() => opened.queue.get(1).run.keptStages).toEqual([]);
    await settled(opened, "1 done");
    expectSame(opened);
  });

  it("are removed with the run, and stay when a queue is opened again", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b"), null);
    const traces = join(opened.folder, "traces");
    for (const id of ["1", "2"]) {
      await expect.poll(() => opened.begun.length).toBe(Number(id));
      mkdirSync(join(traces, id), { recursive: true });
      writeFileSync(join(traces, id, "0-0-0.png"), "a picture");
      opened.tell({ kind: "stage-kept", ...kept });
      opened.end(done);
    }
    await settled(opened, "1 done, 2 done");
    await opened.queue.remove(1);
    expect(readdirSync(traces)).toEqual(["2"]);
    mkdirSync(join(traces, "7"));
    await opened.queue.close();
    const again = await open(opened.folder);
    expect(readdirSync(traces)).toEqual(["2"]);
    expect(again.queue.get(2).run.keptStages).toEqual([kept]);
  });
});

describe("runs whose engine dies", () => {
  it("begin again, and fail when that goes on", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b"), null);
    for (let time = 1; time <= 3; time += 1) {
      await expect.poll(() => opened.begun.length).toBe(time);
      opened.end(died);
    }
    await settled(opened, "1 failed, 2 running");
    expect(opened.begun).toEqual(["a", "a", "a", "b"]);
    expect(opened.queue.get(1).run.state).toMatchObject({
      code: "engine.crashed",
      message: "a power cut",
    });
  });

  it("fail as well where each one dies after the same step", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a"), null);
    for (let time = 1; time <= 3; time += 1) {
      await expect.poll(() => opened.begun.length).toBe(time);
      opened.tell({ kind: "step", timestep: 3, ...stepAt(2) });
      opened.end(died);
    }
    await settled(opened, "1 failed");
  });

  it("may see that more often where each engine came further", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a"), null);
    for (let time = 1; time <= 6; time += 1) {
      await expect.poll(() => opened.begun.length).toBe(time);
      opened.tell({ kind: "step", timestep: 3, ...stepAt(time) });
      opened.end(died);
    }
    await expect.poll(() => opened.begun.length).toBe(7);
    opened.end(done);
    await settled(opened, "1 done");
  });
});

describe("runs that wait", () => {
  it("wait on while the queue is paused", async () => {
    const opened = await open();
    await opened.queue.pause(true);
    await opened.queue.submit(plansOf("a"), null);
    await settled(opened, "1 queued");
    expect(opened.begun).toEqual([]);
    await opened.queue.pause(false);
    await settled(opened, "1 running");
  });

  it("change places while they wait, and only then", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b", "c"), null);
    await opened.queue.move(3, 2);
    expect(opened.queue.snapshot().waiting).toEqual([3, 2]);
    await expect(opened.queue.move(1, null)).rejects.toThrow(
      /run 1: must wait to get another place, got one that is running/,
    );
    await expect(opened.queue.move(9, null)).rejects.toThrow(/run: must be the number of a run/);
    expectSame(opened);
  });

  it("stay where they are when the run that one should go before was removed, and only then", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b", "c", "d"), null);
    await opened.queue.remove(4);
    await opened.queue.move(3, 4);
    expect(opened.queue.snapshot().waiting).toEqual([2, 3]);
    await expect(opened.queue.move(3, 5)).rejects.toThrow(
      /run: must be the number of a run in the queue, got 5/,
    );
    expectSame(opened);
  });
});

describe("a cancelled run", () => {
  it("that waits ends at once", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b"), null);
    await opened.queue.cancel(2);
    expect(opened.states()).toBe("1 running, 2 cancelled");
    expect(opened.asked).toEqual([]);
  });

  it("is not begun by whoever has just seen that it waits", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b"), null);
    await expect.poll(() => opened.begun.length).toBe(1);
    opened.end(done);
    // Its end is being written when the cancel is asked for, and the next run is chosen before that is written.
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    await opened.queue.cancel(2);
    await settled(opened, "1 done, 2 cancelled");
    await opened.queue.submit(plansOf("c"), null);
    await settled(opened, "1 done, 2 cancelled, 3 running");
    expect(opened.begun).toEqual(["a", "c"]);
    expectSame(opened);
  });

  it("that is painted is asked to stop, then ended", async () => {
    const opened = await open();
    await opened.queue.submit(plansOf("a", "b"), null);
    await expect.poll(() => opened.begun.length).toBe(1);
    await opened.queue.cancel(1);
    expect(opened.queue.get(1).run.state).toMatchObject({ kind: "running", stopping: true });
    await opened.queue.cancel(1);
    expect(opened.asked).toEqual(["cancel", "kill"]);
    await settled(opened, "1 cancelled, 2 running");
    expectSame(opened);
  });

  it("is tried again behind all others", async () => {
    const opened = await open();
    await opened.queue.pause(true);
    await opened.queue.submit(plansOf("a", "b"), null);
    await opened.queue.cancel(1);
    await opened.queue.retry(1);
    expect(opened.queue.snapshot().waiting).toEqual([2, 1]);
    await expect(opened.queue.retry(2)).rejects.toThrow(/must have failed or been cancelled/);
  });
});

it("a run fails with a defect where its engine's keeper throws, and the next one is painted", async () => {
  const opened = await open();
  await opened.queue.submit(plansOf("a", "b"), null);
  await expect.poll(() => opened.begun.length).toBe(1);
  opened.throw(new TypeError("x is not y"));
  await settled(opened, "1 failed, 2 running");
  expect(opened.queue.get(1).run.state).toMatchObject({ code: "program.defect" });
});

it("a run that is painted cannot be removed; any other one can", async () => {
  const opened = await open();
  await opened.queue.submit(plansOf("a", "b"), null);
  await expect.poll(() => opened.begun.length).toBe(1);
  await expect(opened.queue.remove(1)).rejects.toThrow(/must not be painted while it is removed/);
  await opened.queue.remove(2);
  expect(opened.states()).toBe("1 running");
  expectSame(opened);
});

describe("a queue that is opened again", () => {
  it("goes on with what was painted, then with what waits", async () => {
    const first = await open();
    await first.queue.submit(plansOf("a", "b", "c"), null);
    await expect.poll(() => first.begun.length).toBe(1);
    await first.queue.cancel(3);
    const { queue, begun, states } = await open(first.folder);
    expect(states()).toBe("1 interrupted, 2 queued, 3 cancelled");
    await expect.poll(() => begun).toEqual(["a"]);
    expect(queue.snapshot().waiting).toEqual([2]);
    expect(await queue.submit(plansOf("d"), null)).toEqual([4]);
  });

  it("does not paint on what was being stopped", async () => {
    const first = await open();
    await first.queue.submit(plansOf("a"), null);
    await expect.poll(() => first.begun.length).toBe(1);
    await first.queue.cancel(1);
    const again = await open(first.folder);
    expect(again.states()).toBe("1 cancelled");
    expect(again.asked).toEqual(["sweep a"]);
  });

  it("sets a strange line aside, says so and keeps the rest", async () => {
    const first = await open();
    await first.queue.pause(true);
    await first.queue.submit(plansOf("a"), null);
    appendFileSync(join(first.folder, "journal.jsonl"), '{"kind":"surprise"}\n{"kind":"submi');
    const again = await open(first.folder);
    expect(again.states()).toBe("1 queued");
    expect(again.words).toEqual([expect.stringMatching(/journal: 1 lines were no entries/)]);
    expect(readFileSync(join(first.folder, "journal.jsonl.strange"), "utf8")).toBe(
      '{"kind":"surprise"}\n',
    );
  });
});

describe("a journal that is opened again", () => {
  it("has a submit as a whole or not at all, wherever its writing was cut off", async () => {
    const first = await open();
    await first.queue.pause(true);
    const path = join(first.folder, "journal.jsonl");
    const before = readFileSync(path).length;
    await first.queue.submit(plansOf("a", "b", "c"), "a key of the client's");
    const text = readFileSync(path);
    for (const length of [before + 1, (before + text.length) >> 1, text.length - 1, text.length]) {
      const again = await open();
      await again.queue.close();
      writeFileSync(join(again.folder, "journal.jsonl"), text.subarray(0, length));
      const last = await open(again.folder);
      expect(last.queue.snapshot().runs).toHaveLength(length === text.length ? 3 : 0);
      const ids = await last.queue.submit(plansOf("a", "b", "c"), "a key of the client's");
      expect(ids).toEqual([1, 2, 3]);
      expect(last.queue.snapshot().runs).toHaveLength(3);
    }
  });

  it("takes away what was left half written, and checkpoints that nobody needs", async () => {
    const first = await open();
    await first.queue.pause(true);
    await first.queue.submit(plansOf("a", "b"), null);
    await first.queue.cancel(1);
    await first.queue.close();
    const checkpoints = join(first.folder, "checkpoints");
    mkdirSync(checkpoints);
    const left = ["1.safetensors", "2.safetensors", "9.safetensors", ".frecas-4-00112233aabb.tmp"];
    for (const name of left) writeFileSync(join(checkpoints, name), "");
    writeFileSync(join(first.folder, ".frecas-4-00112233aabb.tmp"), "");
    await open(first.folder);
    expect(readdirSync(checkpoints)).toEqual(["2.safetensors"]);
    expect(readdirSync(first.folder).sort()).toEqual(["checkpoints", "journal.jsonl"]);
  });

  it("gives no number twice, even of runs that were removed", async () => {
    const first = await open();
    await first.queue.pause(true);
    await first.queue.submit(plansOf("a"), null);
    await first.queue.remove(1);
    expect(await (await open(first.folder)).queue.submit(plansOf("b"), null)).toEqual([2]);
  });
});

describe("events", () => {
  it("are numbered from any place on without a gap", async () => {
    const opened = await open();
    const start = opened.queue.events.place;
    await opened.queue.pause(true);
    await opened.queue.submit(plansOf("a"), null);
    expect(opened.queue.events.next(start)).toEqual({
      number: 1,
      event: { kind: "paused", paused: true },
    });
    expect(opened.queue.events.next({ ...start, number: 1 })).toMatchObject({
      number: 2,
      event: { kind: "added" },
    });
    expect(opened.queue.events.next({ ...start, number: 2 })).toBeNull();
  });

  it("of another start of the daemon, or that nobody has told, are unknown", async () => {
    const { queue } = await open();
    expect(queue.events.next({ epoch: "another", number: 0 })).toBeUndefined();
    expect(queue.events.next({ ...queue.events.place, number: 5 })).toBeUndefined();
  });
});
