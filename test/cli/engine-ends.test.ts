// Processes that are stopped, killed or not what they should be: each end has its reason, and nothing is left behind.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ENGINE_PROTOCOL } from "../../daemon/protocol/engine-message.ts";
import {
  bundles,
  type Ended,
  expectFailure,
  frecas,
  longRecipe,
  openWorkplace,
  start,
  tinyRecipe,
  write,
} from "./frecas.ts";

const workplace = openWorkplace();

/** A run that takes long, in a folder of its own, just after its first step. */
async function startLongRun(name: string, ...args: readonly string[]) {
  const cwd = join(workplace, name);
  write(join(cwd, "long.frecas"), `${longRecipe}output: out/lake.png\n`);
  const run = start(["run", "long.frecas", ...args], { cwd });
  await run.said(/step 1\/1000/);
  return { ...run, cwd, pid: run.child.pid ?? 0 };
}

/** Processes that `pid` has started; Linux only. */
function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const untilGone = (pid: number): Promise<void> =>
  expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);

describe("Ctrl-C", () => {
  it("once stops after the present step, says what is kept and leaves nothing unfinished", async () => {
    const { child, ended, cwd } = await startLongRun("once");
    child.kill("SIGINT");
    const { err, ...rest } = await ended;
    expectFailure(
      { err, ...rest },
      {
        code: "run.cancelled",
        message: /stopped as asked; pictures already written are kept/,
        exit: 130,
      },
    );
    expect(err).toContain("stopping after the present step");
    expect(readdirSync(join(cwd, "out"))).toEqual([]);
  });

  it("twice stops at once, even an engine that hears nothing, with no talk of a crash", async () => {
    const { child, said, ended, pid } = await startLongRun("twice");
    for (const engine of childrenOf(pid)) process.kill(engine, "SIGSTOP");
    child.kill("SIGINT");
    await said(/stopping after the present step/);
    child.kill("SIGINT");
    expectFailure(await ended, { code: "run.cancelled", message: /stopped as asked/, exit: 130 });
  });

  it("of the whole group of processes is no crash of the engine", async () => {
    const { child, ended, pid } = await startLongRun("group");
    for (const engine of childrenOf(pid)) process.kill(engine, "SIGINT");
    child.kill("SIGINT");
    expectFailure(await ended, { code: "run.cancelled", message: /stopped as asked/, exit: 130 });
  });

  it("keeps the pictures of the recipes before", async () => {
    const cwd = join(workplace, "before");
    const long = `---\nname: long\n${longRecipe}output: second.png\n`;
    write(join(cwd, "both.frecas"), `name: short\n${tinyRecipe("output: first.png")}\n${long}`);
    const { child, said, ended } = start(["run", "both.frecas"], { cwd });
    await said(/long: stage 1\/2 64×64, step 1\//);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, out: `${join(cwd, "first.png")}\n` });
    expect(readdirSync(cwd).sort()).toEqual(["both.frecas", "first.png"]);
  });
});

describe("an engine that is killed in mid-run", () => {
  it("is told as a crash, with what may have been the reason", async () => {
    const { ended, pid, cwd } = await startLongRun("killed");
    for (const engine of childrenOf(pid)) process.kill(engine, "SIGKILL");
    expectFailure(await ended, {
      code: "engine.crashed",
      message: /must answer until the run ends, got an end with SIGKILL; .*short of memory/,
    });
    expect(readdirSync(join(cwd, "out"))).toEqual([]);
  });

  it("ends by itself when the command line is killed", async () => {
    const { child, ended, pid } = await startLongRun("orphan");
    const engines = childrenOf(pid);
    expect(engines).toHaveLength(1);
    child.kill("SIGKILL");
    await ended;
    for (const engine of engines) await untilGone(engine);
  });
});

describe("an engine that is another one", () => {
  const stranger = async (name: string, source: string): Promise<{ ended: Ended; cwd: string }> => {
    const cwd = join(workplace, name);
    mkdirSync(join(cwd, "dist"), { recursive: true });
    copyFileSync(bundles.cli, join(cwd, "dist/cli.js"));
    write(join(cwd, "package.json"), '{"type":"module"}');
    write(join(cwd, "dist/engine.js"), source);
    write(join(cwd, "tiny.frecas"), tinyRecipe());
    const ended = await frecas(["run", "tiny.frecas"], { cwd, cli: join(cwd, "dist/cli.js") });
    return { ended, cwd };
  };

  it("of another protocol is named with both versions", async () => {
    const { ended } = await stranger(
      "protocol",
      'process.on("message", () => {}); process.send({ kind: "ready", protocol: 99 });',
    );
    expectFailure(ended, {
      code: "engine.version",
      message: /dist\/engine\.js: must speak protocol \d+, got protocol 99; .*one version/,
    });
  });

  it.each([
    ["text", '"hello"'],
    ["nothing known", '{ kind: "event", atMs: 1, event: { kind: "surprise" } }'],
  ])("that says %s is refused", async (name, message) => {
    const ready = `{ kind: "ready", protocol: ${ENGINE_PROTOCOL} }`;
    const source = `process.on("message", () => process.send(${message})); process.send(${ready});`;
    const { ended } = await stranger(`says ${name}`, source);
    expectFailure(ended, { code: "engine.version", message: /got a message of another one/ });
  });

  it("that ends before it is ready is a crash, its last words in a file and not on the terminal", async () => {
    const { ended, cwd } = await stranger("throws", 'throw new Error("no such instruction");');
    expectFailure(ended, {
      code: "engine.crashed",
      message: /got an end with code 1; run it again; details are in .*crash\.log/,
    });
    const log = readFileSync(join(cwd, "cache/frecas/crash.log"), "utf8");
    expect(log).toContain("Error: no such instruction");
  });

  it("that is not there is a crash too", async () => {
    const cwd = join(workplace, "gone");
    mkdirSync(join(cwd, "dist"), { recursive: true });
    copyFileSync(bundles.cli, join(cwd, "dist/cli.js"));
    write(join(cwd, "package.json"), '{"type":"module"}');
    write(join(cwd, "tiny.frecas"), tinyRecipe());
    const cli = join(cwd, "dist/cli.js");
    expectFailure(await frecas(["run", "tiny.frecas"], { cwd, cli }), {
      code: "engine.crashed",
      message: /got an end with code 1/,
    });
    expect(existsSync(join(cwd, "results"))).toBe(false);
  });

  it("that tells of its own defect keeps the stack off the terminal", async () => {
    const outcome = '{ kind: "defect", message: "TypeError: x is not y\\\\n    at f (a.js:1:1)" }';
    const ended = `{ kind: "ended", atMs: 1, peakBytes: 1, outcome: ${outcome} }`;
    const source = `process.on("message", () => process.send(${ended.replace("\\\\n", "\\n")})); process.send({ kind: "ready", protocol: ${ENGINE_PROTOCOL} });`;
    const failed = await stranger("defect", source);
    expectFailure(failed.ended, {
      code: "program.defect",
      message: /got a defect of its own, "TypeError: x is not y"; please report it; details are in/,
    });
    const log = readFileSync(join(failed.cwd, "cache/frecas/crash.log"), "utf8");
    expect(log).toContain("at f (a.js:1:1)");
  });
});
