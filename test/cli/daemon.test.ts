// The commands about the queue, as people and scripts use them: a daemon of its own for each test.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findDaemon } from "../../daemon/client/connect-daemon.ts";
import { queueEventSchema } from "../../daemon/protocol/queue-event.ts";
import { type RunRecord, runRecordSchema } from "../../daemon/protocol/run-record.ts";
import { type DaemonHome, openDaemonHome } from "../daemon/daemon-home.ts";
import {
  bundles,
  type Ended,
  expectFailure,
  frecas,
  longRecipe,
  start,
  tinyRecipe,
  write,
} from "./frecas.ts";

/** A home, commands in it, and its queue as the daemon tells it. */
function open() {
  const home = openDaemonHome();
  const { folder, env } = home;
  const here = { cwd: folder, env };
  const states = async (): Promise<string> => {
    const daemon = await home.connect();
    const { runs } = await daemon.ask("list", {});
    daemon.dispose();
    return runs.map(({ id, state }) => `${id} ${state.kind}`).join(", ");
  };
  return {
    home,
    folder,
    write: (name: string, text: string): string => write(join(folder, name), text),
    run: (...args: readonly string[]): Promise<Ended> => frecas(args, here),
    start: (...args: readonly string[]) => start(args, here),
    until: (expected: string): Promise<void> =>
      expect.poll(states, { timeout: 60_000, interval: 100 }).toBe(expected),
  };
}

const linesOf = ({ out }: Pick<Ended, "out">): readonly string[] =>
  out.split("\n").filter((line) => line !== "");

const objectsOf = (ended: Pick<Ended, "out">): readonly unknown[] =>
  linesOf(ended).map((line) => JSON.parse(line));

/** Resolves once the run has done a step. */
async function untilStep(home: DaemonHome, id: number): Promise<void> {
  const daemon = await home.connect();
  const steps = async (): Promise<number> => {
    const { run } = await daemon.ask("get", { id });
    return run.state.kind === "running" ? (run.state.progress?.done ?? 0) : 0;
  };
  await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(0);
  daemon.dispose();
}

const painted = (folder: string): readonly string[] => {
  try {
    return readdirSync(join(folder, "out"));
  } catch {
    return [];
  }
};

const tiny = tinyRecipe("output: out/{name}.png\nseed: 3");
const long = `${longRecipe}output: out/{name}.png\n`;

describe("submit", () => {
  it("starts the daemon, answers with the run's number, and the picture is that of a run without it", async () => {
    const { run, write, until, folder } = open();
    write("tiny.frecas", tiny);
    expect(await run("run", "tiny.frecas", "--no-daemon")).toMatchObject({ code: 0 });
    const alone = readFileSync(join(folder, "out/tiny.png"));
    writeFileSync(join(folder, "out/tiny.png"), "");
    expect(await run("submit", "tiny.frecas")).toMatchObject({
      code: 0,
      out: "1  tiny\n",
      err: "",
    });
    expect(objectsOf(await run("submit", "tiny.frecas", "--json"))).toEqual([
      { id: 2, name: "tiny" },
    ]);
    await until("1 done, 2 done");
    expect(readFileSync(join(folder, "out/tiny.png")).equals(alone)).toBe(true);
    const [line] = linesOf(await run("ps"));
    expect(line).toMatch(/^1 +tiny +72×72 +done in \d+\.\d s, .*out\/tiny\.png$/);
    const records = objectsOf(await run("ps", "--json")).map((run) => runRecordSchema.parse(run));
    expect(records.map(({ id }) => id)).toEqual([1, 2]);
    expect(records[0]?.file).toBe(join(folder, "tiny.frecas"));
  });

  it("that several people ask for at once starts one daemon", async () => {
    const { run, write, home, until } = open();
    write("tiny.frecas", tiny);
    const ended = await Promise.all([1, 2, 3].map(() => run("submit", "tiny.frecas", "--json")));
    const ids = ended.flatMap((one) => objectsOf(one) as { id: number }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual([1, 2, 3]);
    await until("1 done, 2 done, 3 done");
    expect(home.processes("daemon")).toHaveLength(1);
  });

  it("of a recipe with an error says so and starts nothing", async () => {
    const { run, write, home } = open();
    write("bad.frecas", "size: 512\n");
    const ended = await run("submit", "bad.frecas");
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(home.processes("daemon")).toEqual([]);
  });

  it("finds what a daemon that was killed has left", async () => {
    const { run, write, home, until } = open();
    write("long.frecas", long);
    write("tiny.frecas", tiny);
    await run("submit", "long.frecas");
    await untilStep(home, 1);
    home.kill("daemon");
    expect(await run("submit", "tiny.frecas")).toMatchObject({ code: 0, out: "2  tiny\n" });
    await untilStep(home, 1);
    expect(await run("cancel", "1")).toMatchObject({ code: 0 });
    await until("1 cancelled, 2 done");
    expect(home.processes("engine")).toHaveLength(1);
  });
});

describe("run", () => {
  it("paints through the daemon where one is up: the same words, the same bytes", async () => {
    const { run, write, folder, until } = open();
    write(
      "both.frecas",
      `name: one\n${tiny}\n---\nname: two\nextends: one\nseed: 4\nimages: 2\noutput: out/{name}{image}.png\n`,
    );
    const alone = await run("run", "both.frecas", "--no-daemon");
    expect(alone).toMatchObject({ code: 0 });
    const names = painted(folder);
    expect(names).toHaveLength(3);
    const bytes = names.map((name) => readFileSync(join(folder, "out", name)));
    for (const name of names) writeFileSync(join(folder, "out", name), "");
    expect(await run("daemon", "start")).toMatchObject({ code: 0 });
    const through = await run("run", "both.frecas");
    expect(through).toMatchObject({ code: 0, out: alone.out });
    expect(names.map((name) => readFileSync(join(folder, "out", name)))).toEqual(bytes);
    await until("1 done, 2 done");
  });

  it("that is stopped by Ctrl-C ends all of its runs and no other", async () => {
    const { run, start, write, home, folder, until } = open();
    write("both.frecas", `name: one\n${long}\n---\nname: two\nextends: one\n`);
    write("tiny.frecas", tiny);
    await run("daemon", "start");
    const running = start("run", "both.frecas");
    await running.said(/one: stage 1\/2 64×64, step 1\//);
    await run("submit", "tiny.frecas");
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expectFailure(ended, { code: "run.cancelled", message: /stopped as asked/, exit: 130 });
    await until("1 cancelled, 2 cancelled, 3 done");
    expect(painted(folder)).toEqual(["tiny.png"]);
    expect(home.processes("engine")).toHaveLength(1);
  });

  it("goes on when whoever asked for it is killed", async () => {
    const { run, start, write, folder, until } = open();
    write("some.frecas", tiny.replace("steps: 2", "steps: 60"));
    await run("daemon", "start");
    const running = start("run", "some.frecas");
    await running.said(/step 1\/60/);
    running.child.kill("SIGKILL");
    await running.ended;
    await until("1 done");
    expect(painted(folder)).toEqual(["some.png"]);
  });

  it("says that the daemon has ended where it does, and what that means", async () => {
    const { run, start, write, home } = open();
    write("long.frecas", long);
    await run("daemon", "start");
    const running = start("run", "long.frecas");
    await running.said(/step 1\/1000/);
    home.kill("daemon");
    expectFailure(await running.ended, {
      code: "daemon.unreachable",
      message: /got an end of the connection; what was submitted goes on with the daemon/,
    });
  });
});

it("run refuses a wrong setting and ends, also where a daemon is up", async () => {
  const { run, home, write, folder } = open();
  write("tiny.frecas", tiny);
  await run("daemon", "start");
  const env = { ...home.env, FRECAS_CACHE_LIMIT: "20GB" };
  expectFailure(await frecas(["run", "tiny.frecas"], { cwd: folder, env }), {
    code: "settings.invalid",
    message: /FRECAS_CACHE_LIMIT/,
  });
});

describe("cancel", () => {
  it("ends a run after its step, a second time at once, and the next one is painted", async () => {
    const { run, write, home, folder, until } = open();
    write("long.frecas", long);
    write("tiny.frecas", tiny);
    for (const file of ["long.frecas", "long.frecas", "tiny.frecas"]) await run("submit", file);
    await untilStep(home, 1);
    expect(await run("cancel", "1")).toMatchObject({ code: 0, out: "", err: "" });
    await untilStep(home, 2);
    const [engine] = home.processes("engine");
    if (engine !== undefined) process.kill(engine, "SIGSTOP");
    expect(objectsOf(await run("cancel", "2", "--json"))).toEqual([{ id: 2, cancel: true }]);
    expect(linesOf(await run("ps")).find((line) => line.startsWith("2"))).toMatch(/stops after/);
    expect(await run("cancel", "2")).toMatchObject({ code: 0 });
    await until("1 cancelled, 2 cancelled, 3 done");
    expect(home.processes("engine")).not.toContain(engine);
    expect(painted(folder)).toEqual(["tiny.png"]);
  });

  it.each([
    ["of a run that is not there", "9", "run.missing", /run: must be the number of a run/],
    ["of what is no number", "one", "command.invalid", /"one" for the number of a run/],
  ])("%s says so", async (_, id, code, message) => {
    const { run } = open();
    await run("daemon", "start");
    expectFailure(await run("cancel", id, "--json"), { code, message });
  });
});

describe("the queue", () => {
  it("is paused, listed, gone on with; runs are tried again and removed", async () => {
    const { run, write, folder, until } = open();
    write("tiny.frecas", tiny);
    await run("daemon", "start");
    expect(objectsOf(await run("pause", "--json"))).toEqual([{ paused: true }]);
    await run("submit", "tiny.frecas");
    await run("submit", "tiny.frecas");
    expect(linesOf(await run("ps"))).toEqual([
      expect.stringMatching(/^1 +tiny +72×72 +waits$/),
      expect.stringMatching(/^2 +tiny +72×72 +waits$/),
      expect.stringMatching(/paused/),
    ]);
    await run("cancel", "1");
    expect(objectsOf(await run("retry", "1", "--json"))).toEqual([{ id: 1, retry: true }]);
    expectFailure(await run("retry", "1"), {
      code: "queue.refused",
      message:
        /run 1: must have failed or been cancelled to be tried again, got one that is queued/,
    });
    expect(objectsOf(await run("remove", "2", "--json"))).toEqual([{ id: 2, remove: true }]);
    expect(objectsOf(await run("resume", "--json"))).toEqual([{ paused: false }]);
    await until("1 done");
    expect(painted(folder)).toEqual(["tiny.png"]);
    expect(await run("remove", "1")).toMatchObject({ code: 0, out: "", err: "" });
    expect(linesOf(await run("ps"))).toEqual(["the queue is empty"]);
    expect(painted(folder)).toEqual(["tiny.png"]);
    const logs = await run("logs");
    expect(logs.out).toMatch(/^daemon: .*version 0\.\d+\.\d+ serves/m);
    for (const line of objectsOf(await run("logs", "--json", "--lines", "1")))
      expect(line).toEqual({
        who: expect.stringMatching(/^(daemon|engine)$/),
        line: expect.any(String),
      });
  });

  it("is watched: first all of it, then each change; Ctrl-C ends that and no run", async () => {
    const { run, start, write, until } = open();
    write("tiny.frecas", tiny);
    await run("daemon", "start");
    const plain = start("watch");
    const json = start("watch", "--json");
    await plain.printed(/the queue is empty/);
    await json.printed(/snapshot/);
    await run("submit", "tiny.frecas");
    await until("1 done");
    await plain.printed(/1 tiny: done in/);
    await json.printed(/"kind":"done"/);
    for (const { child } of [plain, json]) child.kill("SIGINT");
    const ended = await plain.ended;
    expect(ended).toMatchObject({ code: 0 });
    expect(linesOf(ended)).toEqual(
      expect.arrayContaining([
        "the queue is empty",
        "1 tiny: waits",
        expect.stringMatching(/^1 tiny: begins/),
      ]),
    );
    const [snapshot, ...events] = objectsOf(await json.ended);
    expect(snapshot).toMatchObject({ kind: "snapshot", runs: [] });
    const kinds = events.map((event) => queueEventSchema.parse(event).kind);
    expect(kinds).toEqual(expect.arrayContaining(["added", "changed", "progress"]));
    const last = events.filter((event) => (event as { kind: string }).kind === "changed").at(-1);
    expect((last as { run: RunRecord }).run.pictures).toHaveLength(1);
  });
});

it("a run that a paused queue keeps waiting says so", async () => {
  const { run, start, write } = open();
  write("tiny.frecas", tiny);
  await run("daemon", "start");
  await run("pause");
  const waiting = start("run", "tiny.frecas");
  await waiting.said(/the daemon's queue is paused; `frecas resume` lets it go on/);
  await run("resume");
  expect(await waiting.ended).toMatchObject({ code: 0 });
});

it("logs prints as many lines as it is asked for", async () => {
  const { run } = open();
  await run("daemon", "start");
  expect(await run("logs", "--lines", "0")).toMatchObject({ code: 0, out: "" });
  expect(linesOf(await run("logs", "--lines", "1"))).toHaveLength(1);
  expectFailure(await run("logs", "--lines", "many"), {
    code: "command.invalid",
    message: /--lines many, which is no number of lines/,
  });
});

describe("the daemon", () => {
  it("is started, looked at and stopped", async () => {
    const { run, home } = open();
    expect(await run("daemon", "status")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/no daemon is up; `frecas submit`/),
    });
    expect(objectsOf(await run("daemon", "status", "--json"))).toEqual([{ running: false }]);
    const up = { running: true, socket: home.places.socket, runs: 0, waiting: 0, paused: false };
    expect(objectsOf(await run("daemon", "start", "--json"))).toEqual([up]);
    expect(await run("daemon", "start")).toMatchObject({ code: 0 });
    expect(home.processes("daemon")).toHaveLength(1);
    expect(await run("daemon", "status")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^the daemon is up at .*socket: 0 painted, 0 waiting\n$/),
    });
    expect(objectsOf(await run("daemon", "stop", "--json"))).toEqual([{ running: false }]);
    await expect.poll(() => home.processes("daemon")).toEqual([]);
    expect(await run("ps")).toMatchObject({ code: 1, out: "" });
  });

  it("ends when it has had nothing to do for a while, and not before", async () => {
    const { home, folder, write } = open();
    write("tiny.frecas", tiny);
    const child = home.start("--idle-ms", "1000");
    const code = new Promise((resolve) => child.on("exit", resolve));
    const daemon = await vi.waitUntil(
      () => findDaemon(home.places, "test").catch(() => undefined),
      {
        timeout: 30_000,
      },
    );
    const recipe = { text: tiny, file: join(folder, "tiny.frecas"), name: null, changes: {} };
    await daemon.ask("submit", { what: { kind: "recipe", recipe }, key: null });
    daemon.dispose();
    expect(await code).toBe(0);
    expect(painted(folder)).toEqual(["tiny.png"]);
    expect(await findDaemon(home.places, "test")).toBeUndefined();
    await expect.poll(() => home.processes("engine")).toEqual([]);
  });

  it("of another protocol is refused with both, by every command but the one that ends it", async () => {
    const { run, folder, write, home } = open();
    await run("daemon", "start");
    const other = readFileSync(bundles.cli, "utf8").replace(
      "DAEMON_PROTOCOL = ",
      "DAEMON_PROTOCOL = 90 + ",
    );
    write("package.json", '{"type":"module"}');
    const cli = write("dist/cli.js", other);
    write("tiny.frecas", tiny);
    for (const args of [["ps"], ["submit", "tiny.frecas"], ["run", "tiny.frecas"]])
      expectFailure(await frecas(args, { cwd: folder, env: home.env, cli }), {
        code: "daemon.version",
        message:
          /daemon: must speak protocol 9\d, got protocol \d; end it with `frecas daemon stop`, or .* --no-daemon/,
      });
    const stop = (): Promise<Ended> =>
      frecas(["daemon", "stop"], { cwd: folder, env: home.env, cli });
    expect(await stop()).toMatchObject({ code: 0, out: "the daemon has ended\n" });
    await expect.poll(() => home.processes("daemon")).toEqual([]);
    expect(await stop()).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/no daemon/),
    });
  });
});
