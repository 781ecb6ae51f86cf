// The daemon beside its runs: listing a long queue, telling many clients, and how soon a run of the same model begins.
// A daemon of its own, with its state in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, endDaemon, findOrStartDaemon } from "../daemon/client/connect-daemon.ts";
import type { Plan } from "../daemon/plan/plan.ts";
import { daemonPlaces } from "../daemon/protocol/daemon-places.ts";
import type { QueueEvent } from "../daemon/protocol/queue-event.ts";
import manifest from "../package.json" with { type: "json" };
import { median } from "./spread.ts";

const listedRuns = 1000;
const subscribers = 50;

/** `bundle` is the daemon's; `plan` is of the built-in model, and its pictures are written. Figures as lines for people. */
export async function measureQueue(plan: Plan, bundle: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "frecas-bench-queue-"));
  const env = { ...process.env, XDG_STATE_HOME: home };
  const places = daemonPlaces({ platform: process.platform, env, home });
  const children: ChildProcess[] = [];
  const connect = (): Promise<Daemon> =>
    findOrStartDaemon(places, "bench", {
      version: manifest.version,
      start: () => {
        children.push(spawn(process.execPath, [bundle], { env, stdio: "ignore", cwd: "/" }));
        return undefined;
      },
    });
  const daemon = await connect();
  const pid = children.at(-1)?.pid ?? 0;
  try {
    const starts = await measureStarts(daemon, plan);
    const told = await measureTelling({ daemon, pid, connect }, plan);
    const listed = await measureListing(daemon, plan);
    return ["", "## The queue", ...starts, ...told, ...listed].join("\n");
  } finally {
    await endDaemon(places, null);
    await daemon.closed;
    rmSync(home, { recursive: true });
  }
}

/** Puts `count` runs into the queue, as many in one message as fit. */
async function submit(daemon: Daemon, plan: Plan, count: number): Promise<void> {
  const atOnce = Math.min(count, Math.floor(2 ** 22 / JSON.stringify(plan).length));
  for (let done = 0; done < count; done += atOnce) {
    const plans = Array.from({ length: Math.min(atOnce, count - done) }, () => ({ ...plan }));
    await daemon.ask("submit", { what: { kind: "plans", plans, file: null }, key: null });
  }
}

/** Milliseconds from a submit to its first step: in a new engine, then in the same one. */
async function measureStarts(daemon: Daemon, plan: Plan): Promise<readonly string[]> {
  const clock = eventClock();
  await daemon.subscribe(null, clock);
  const times: number[] = [];
  for (let run = 0; run < 4; run += 1) {
    const begin = performance.now();
    const step = clock.next((event) => event.kind === "progress" && event.event.kind === "step");
    const end = clock.next((event) => event.kind === "changed" && event.run.state.kind === "done");
    await submit(daemon, plan, 1);
    times.push((await step) - begin);
    await end;
  }
  const [cold = Number.NaN, ...warm] = times;
  return [
    `from a submit to the end of the first step: ${ms(cold)} in a new engine, ${ms(median(warm))} where the engine has the model open (median of ${warm.length})`,
  ];
}

/** While a run is painted: how long each of many clients waits for an event that another one causes. */
async function measureTelling(
  { daemon, pid, connect }: { daemon: Daemon; pid: number; connect(): Promise<Daemon> },
  plan: Plan,
): Promise<readonly string[]> {
  const clients: Daemon[] = [];
  const clocks = [];
  for (let client = 0; client < subscribers; client += 1) {
    const one = await connect();
    const clock = eventClock();
    await one.subscribe(null, clock);
    clients.push(one);
    clocks.push(clock);
  }
  const cpuBefore = cpuSeconds(pid);
  const since = performance.now();
  const over = clocks[0]?.next(
    (event) => event.kind === "changed" && event.run.state.kind === "done",
  );
  await submit(daemon, plan, 1);
  let isOver = false;
  void over?.then(() => {
    isOver = true;
  });
  const first: number[] = [];
  const last: number[] = [];
  while (!isOver) {
    const heard = clocks.map((clock) => clock.next(({ kind }) => kind === "paused"));
    const asked = performance.now();
    await daemon.ask("pause", { paused: false });
    const times = (await Promise.all(heard)).map((at) => at - asked);
    first.push(Math.min(...times));
    last.push(Math.max(...times));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const share = (cpuSeconds(pid) - cpuBefore) / ((performance.now() - since) / 1000);
  for (const client of clients) client.dispose();
  return [
    `${subscribers} clients beside a run of ${((performance.now() - since) / 1000).toFixed(1)} s: from a request to its event ${ms(median(first))} at the first client, ${ms(median(last))} at the last (medians of ${last.length}, each synced to the disk first); the daemon takes ${(share * 100).toFixed(1)} % of one core`,
  ];
}

async function measureListing(daemon: Daemon, plan: Plan): Promise<readonly string[]> {
  await daemon.ask("pause", { paused: true });
  const begin = performance.now();
  await submit(daemon, plan, listedRuns);
  const submitted = performance.now() - begin;
  const times: number[] = [];
  for (let time = 0; time < 20; time += 1) {
    const before = performance.now();
    await daemon.ask("list", {});
    times.push(performance.now() - before);
  }
  return [
    `${listedRuns} runs that wait: submitted in ${ms(submitted)}, listed in ${ms(median(times))} (longest of 20: ${ms(Math.max(...times))})`,
  ];
}

/** Tells when events came. */
function eventClock() {
  let waiting: { wants(event: QueueEvent): boolean; resolve(atMs: number): void }[] = [];
  return {
    onSnapshot: (): void => {},
    onEvent: (event: QueueEvent): void => {
      const now = performance.now();
      for (const each of waiting) if (each.wants(event)) each.resolve(now);
      waiting = waiting.filter(({ wants }) => !wants(event));
    },
    next: (wants: (event: QueueEvent) => boolean): Promise<number> =>
      new Promise((resolve) => waiting.push({ wants, resolve })),
  };
}

/** Of user and system together; Linux only, elsewhere NaN. */
function cpuSeconds(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticksPerSecond = 100;
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
