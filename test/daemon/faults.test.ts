// Daemon and engine are killed again and again while a queue is submitted and painted: what was acknowledged is
// painted once, with the bytes of runs that nobody disturbed. `npm run test:faults` does it at length.
import { randomInt, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Failure } from "../../daemon/base/failure.ts";
import { type Daemon, endDaemon } from "../../daemon/client/connect-daemon.ts";
import type { QueueEvent, Snapshot } from "../../daemon/protocol/queue-event.ts";
import { frecas, goldenModel, write } from "../cli/frecas.ts";
import { openDaemonHome, type Role } from "./daemon-home.ts";

const kills = Number(process.env["FRECAS_FAULT_KILLS"] ?? 12);
const seed = Number(process.env["FRECAS_FAULT_SEED"] ?? randomInt(2 ** 31));
const random = randomFrom(seed);
const home = openDaemonHome();

/** Cascades, batches, several prompts: a run has many moments to be killed at. */
const kinds: Readonly<Record<string, string>> = {
  cascade: `prompt: [a lake, a hill]
stages: [{ size: 64, steps: 8, until: 200 }, { size: 72, steps: 6, until: 100 }, { size: 80, steps: 4 }]`,
  batch: `prompt: a tree
images: 2
stages: [{ size: 64, steps: 10, until: 200 }, { size: 72, steps: 5 }]`,
  many: `prompt: [a, b, c, d]
stages: [{ size: 64, steps: 4, until: 200 }, { size: 72, steps: 3 }]`,
};

const textOf = (kind: string): string =>
  `model: ${goldenModel}\n${kinds[kind]}\noutput: pictures/{prompt}.{image}.png\nseed: 5\n`;

it(`survives ${kills} kills`, { timeout: 60_000 + kills * 10_000 }, async () => {
  const calm = await paintUndisturbed();
  const sinceMs = performance.now();
  const submitted: Submitted[] = [];
  const watch = watcher();
  const engines: number[] = [];
  const counts = { daemon: 0, engine: 0, both: 0, painting: 0 };
  let isOver = false;
  const submitting = (async () => {
    while (!isOver) {
      const unfinished = submitted.length - watch.done();
      if (unfinished < 4) submitted.push(await submitOne(submitted.length, watch));
      else await sleep(20);
      await watch.look();
    }
  })();
  let inARow = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await Promise.race([watch.untilEvents(Math.floor(random() ** 3 * 300)), submitting]);
    await sleep(random() * 50);
    // The third death of an engine at one place fails the run, and rightly so.
    const target = pick<Role | "both">(
      inARow < 2 ? ["daemon", "engine", "both"] : ["daemon", "both"],
    );
    const roles: readonly Role[] = target === "both" ? ["daemon", "engine"] : [target];
    engines.push(...home.processes("engine"));
    const wasPainting = watch.isPainting();
    if (home.kill(...roles).length === 0) {
      kill -= 1;
      continue;
    }
    if (wasPainting) counts.painting += 1;
    counts[target] += 1;
    inARow = target === "engine" ? inARow + 1 : 0;
  }
  isOver = true;
  await submitting;
  while (watch.done() < submitted.length) {
    await watch.look();
    await sleep(50);
  }
  const shown = `seed ${seed}: killed ${counts.daemon} daemons, ${counts.engine} engines, ${counts.both} times both; ${counts.painting} times in the middle of a run; ${submitted.length} runs; ${Math.round((performance.now() - sinceMs) / 1000)} s`;
  console.log(shown);
  await expectAllThere(submitted, calm);
  watch.expectPaintedOnce();
  (await home.connect()).dispose();
  await endDaemon(home.places, null);
  await expect
    .poll(() => [...home.processes("daemon"), ...home.processes("engine")], { timeout: 10_000 })
    .toEqual([]);
});

interface Submitted {
  readonly id: number;
  readonly kind: string;
  readonly folder: string;
}

/** Bytes of each kind's pictures, by their names. */
type Pictures = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

async function paintUndisturbed(): Promise<Pictures> {
  const all = new Map<string, ReadonlyMap<string, Buffer>>();
  for (const kind of Object.keys(kinds)) {
    const cwd = join(home.folder, "calm", kind);
    write(join(cwd, "calm.frecas"), textOf(kind));
    expect(await frecas(["run", "calm.frecas", "--no-daemon"], { cwd })).toMatchObject({ code: 0 });
    all.set(kind, readPictures(cwd));
  }
  return all;
}

function readPictures(folder: string): ReadonlyMap<string, Buffer> {
  const pictures = join(folder, "pictures");
  return new Map(readdirSync(pictures).map((name) => [name, readFileSync(join(pictures, name))]));
}

/** Asks again with the same key until somebody answers. */
async function submitOne(index: number, watch: Watcher): Promise<Submitted> {
  const kind = pick(Object.keys(kinds));
  const folder = join(home.folder, `run-${index}`);
  mkdirSync(folder);
  const key = randomUUID();
  const recipe = { text: textOf(kind), file: join(folder, "calm.frecas"), name: null, changes: {} };
  for (;;) {
    const answer = await watch.ask((daemon) =>
      daemon.ask("submit", { what: { kind: "recipe", recipe }, key }),
    );
    if (answer === undefined) continue;
    expect(answer.ids).toHaveLength(1);
    return { id: answer.ids[0] as number, kind, folder };
  }
}

type Watcher = ReturnType<typeof watcher>;

/** Looks at the queue through a daemon that may be gone at any moment, and remembers what it must not go back on. */
function watcher() {
  let open: Daemon | undefined;
  let events = 0;
  let isPainting = false;
  /** Pictures of runs that are done, as files: a second painting would replace them. */
  const painted = new Map<number, readonly (readonly [string, number])[]>();
  const seen = new Set<number>();
  const connect = async (): Promise<Daemon> => {
    const daemon = await home.connect();
    const hear = (event: Partial<QueueEvent>): void => {
      events += 1;
      if (event.kind === "progress") isPainting = true;
      if (event.kind === "changed") isPainting = false;
    };
    await daemon.subscribe(null, { onSnapshot: hear, onEvent: hear });
    return daemon;
  };
  const ask = async <T>(what: (daemon: Daemon) => Promise<T>): Promise<T | undefined> => {
    try {
      open ??= await connect();
      return await what(open);
    } catch (error) {
      expect((error as Failure).code, (error as Failure).message).toBe("daemon.unreachable");
      open?.dispose();
      open = undefined;
      return undefined;
    }
  };
  const note = ({ runs }: Snapshot): void => {
    expect(
      runs.map(({ id }) => id),
      "no run is lost",
    ).toEqual(expect.arrayContaining([...seen]));
    for (const { id, state, pictures } of runs) {
      seen.add(id);
      expect(state, `run ${id}`).not.toMatchObject({ kind: "failed" });
      if (painted.has(id)) expect(state.kind, `run ${id} was done`).toBe("done");
      if (state.kind !== "done" || painted.has(id)) continue;
      painted.set(
        id,
        pictures.map(({ path }) => [path, statSync(path).ino] as const),
      );
    }
  };
  return {
    ask,
    look: async (): Promise<void> => {
      const snapshot = await ask((daemon) => daemon.ask("list", {}));
      if (snapshot !== undefined) note(snapshot);
    },
    /** Until that many more were heard, so that kills meet all moments of a run on any machine; not for long. */
    untilEvents: async (count: number): Promise<void> => {
      const before = events;
      const sinceMs = performance.now();
      while (events < before + count && performance.now() - sinceMs < 5000) await sleep(5);
    },
    done: (): number => painted.size,
    /** Whether a run was in the middle of something when it was last heard of. */
    isPainting: (): boolean => isPainting,
    expectPaintedOnce: (): void => {
      for (const [path, inode] of [...painted.values()].flat())
        expect(statSync(path).ino, `${path} was painted twice`).toBe(inode);
    },
  };
}

/** Every run once, with the bytes of the undisturbed one; nothing else in any folder. */
async function expectAllThere(submitted: readonly Submitted[], calm: Pictures): Promise<void> {
  const daemon = await home.connect();
  const { runs, waiting } = await daemon.ask("list", {});
  daemon.dispose();
  expect(runs.map(({ id }) => id)).toEqual(submitted.map(({ id }) => id).sort((a, b) => a - b));
  expect(waiting).toEqual([]);
  for (const { id, kind, folder } of submitted) {
    const expected = calm.get(kind) ?? new Map<string, Buffer>();
    const pictures = readPictures(folder);
    expect([...pictures.keys()], `run ${id}`).toEqual([...expected.keys()]);
    for (const [name, bytes] of expected)
      expect(pictures.get(name)?.equals(bytes), `${name} of run ${id}`).toBe(true);
    const listed = runs.find((run) => run.id === id)?.pictures ?? [];
    expect(listed.map(({ path }) => basename(path)).sort()).toEqual([...expected.keys()].sort());
  }
  expect(readdirSync(home.places.state).sort()).toEqual([
    "checkpoints",
    "engine",
    "journal.jsonl",
    "lock",
    "logs",
    "socket",
    "token",
    "traces",
  ]);
  const traced = readdirSync(join(home.places.state, "traces"), { recursive: true });
  const whole = /^\d+([\\/][\w.-]+\.(png|safetensors))?$/;
  expect(traced.map(String).filter((path) => !whole.test(path))).toEqual([]);
  expect(readdirSync(join(home.places.state, "checkpoints"))).toEqual([]);
  expect(readdirSync(join(home.places.state, "lock"))).toHaveLength(1);
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** Numbers below 1 that follow from a seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
