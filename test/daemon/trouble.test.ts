// Disks that are full or read-only, models that are taken away: each run that meets them fails with its sentence, and
// the queue goes on with the next one.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Daemon } from "../../daemon/client/connect-daemon.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { expectFailure, frecas, longRecipe, tinyRecipe, write } from "../cli/frecas.ts";
import { copyModel } from "../cli/model-copy.ts";
import { openDaemonHome } from "./daemon-home.ts";
import { mountSmallDisk } from "./small-disk.ts";

/** A home with its daemon, and what tests ask of it. */
async function open(home = openDaemonHome()) {
  const daemon = await home.connect();
  const submit = async (text: string, key: string | null = null): Promise<number> => {
    const recipe = { text, file: join(home.folder, "a.frecas"), name: null, changes: {} };
    const { ids } = await daemon.ask("submit", { what: { kind: "recipe", recipe }, key });
    return ids[0] as number;
  };
  return { ...home, daemon, submit };
}

async function ended(daemon: Daemon, id: number): Promise<RunRecord["state"]> {
  const stateOf = async () => (await daemon.ask("get", { id })).run.state;
  const isOver = async () => /done|failed|cancelled/.test((await stateOf()).kind);
  await expect.poll(isOver, { timeout: 60_000, interval: 50 }).toBe(true);
  return stateOf();
}

const tinyAt = (output: string): string => tinyRecipe(`output: ${output}\n`);

describe("the output folder", () => {
  it("that fills fails its run, which is painted once there is room", async (context) => {
    const { folder, daemon, submit } = await open();
    const small = join(folder, "small");
    const disk = mountSmallDisk(small, "size=64k", context);
    disk.fill();
    const first = await submit(tinyAt("small/a.png"));
    const second = await submit(tinyAt("large/a.png"));
    expect(await ended(daemon, first)).toMatchObject({
      kind: "failed",
      code: "output.failed",
      message: expect.stringMatching(
        /small\/a\.png: .*got a full disk; choose another output or make room/,
      ),
    });
    expect(await ended(daemon, second)).toMatchObject({ kind: "done" });
    expect(readdirSync(small)).toEqual(["filler"]);
    disk.free();
    await daemon.ask("retry", { id: first });
    expect(await ended(daemon, first)).toMatchObject({ kind: "done" });
    expect(readdirSync(small)).toEqual(["a.png"]);
  });

  it("that is read-only fails its run before it paints", async (context) => {
    const { folder, daemon, submit } = await open();
    mountSmallDisk(join(folder, "fixed"), "size=64k,ro", context);
    const first = await submit(tinyAt("fixed/a.png"));
    const second = await submit(tinyAt("large/a.png"));
    expect(await ended(daemon, first)).toMatchObject({
      kind: "failed",
      code: "output.failed",
      message: expect.stringMatching(/got a read-only place/),
    });
    expect(await ended(daemon, second)).toMatchObject({ kind: "done" });
  });
});

describe("a model", () => {
  it("that is taken away while it waits or is painted fails its runs", async () => {
    const { folder, daemon, submit } = await open();
    const model = join(folder, "model");
    copyModel(model);
    const many = `model: ${model}\nprompt: [a, b, c, d, e, f]\nstages: [{ size: 64, steps: 40, until: 200 }, { size: 72, steps: 9 }]\noutput: "{prompt}.png"\n`;
    const first = await submit(many);
    const second = await submit(many.replace("{prompt}", "again{prompt}"));
    const third = await submit(tinyAt("large/a.png"));
    const isPainted = async () =>
      (await daemon.ask("get", { id: first })).run.state.kind === "running" &&
      existsSync(join(folder, "00000.png"));
    await expect.poll(isPainted, { timeout: 60_000, interval: 20 }).toBe(true);
    rmSync(model, { recursive: true });
    const state = await ended(daemon, first);
    if (state.kind !== "done")
      expect(state).toMatchObject({ kind: "failed", message: expect.stringContaining(model) });
    expect(await ended(daemon, second)).toMatchObject({
      kind: "failed",
      code: "model.incomplete",
      message: expect.stringMatching(/model/),
    });
    expect(await ended(daemon, third)).toMatchObject({ kind: "done" });
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("the folder of the daemon's state", () => {
  it("that fills refuses a submit as a whole, and takes it with the same key later", async (context) => {
    const home = openDaemonHome();
    const disk = mountSmallDisk(home.places.state, "size=4m,mode=700", context);
    const { daemon, submit, places, kill, folder } = await open(home);
    const running = await submit(`${longRecipe}output: long.png\n`);
    disk.fill();
    // What is left of the journal's last page holds no submit of that length.
    const refused = `${tinyAt("a.png")}negative: ${"blurry ".repeat(1000)}\n`;
    for (let time = 0; time < 3; time += 1)
      await expect(submit(refused, "the same key")).rejects.toThrow(
        /journal\.jsonl: .*got a full disk/,
      );
    expect((await daemon.ask("list", {})).runs.map(({ id }) => id)).toEqual([running]);
    // What is painted can be stopped all the same, and goes on being told.
    await daemon.ask("cancel", { id: running });
    expect(await ended(daemon, running)).toMatchObject({ kind: "cancelled" });
    disk.free();
    const id = await submit(refused, "the same key");
    expect(await submit(refused, "the same key")).toBe(id);
    expect(await ended(daemon, id)).toMatchObject({ kind: "done" });
    kill("daemon");
    const again = await home.connect();
    const { runs } = await again.ask("list", {});
    expect(runs.map((run) => [run.id, run.state.kind])).toEqual([
      [running, "cancelled"],
      [id, "done"],
    ]);
    expect(readdirSync(places.state)).not.toContain("journal.jsonl.strange");
    expect(readdirSync(folder)).toContain("a.png");
  });

  it("that is full keeps a daemon from coming up, which says so", async (context) => {
    const { places, folder, env, processes } = openDaemonHome();
    const disk = mountSmallDisk(places.state, "size=64k,mode=700", context);
    disk.fill();
    write(join(folder, "tiny.frecas"), tinyAt("a.png"));
    const run = () => frecas(["submit", "tiny.frecas"], { cwd: folder, env });
    expectFailure(await run(), {
      code: "daemon.unreachable",
      message:
        /daemon: must come up, got an end with ".*got a full disk; .*"; mend that, or paint without it/,
    });
    expect(processes("daemon")).toEqual([]);
    disk.free();
    expect(await run()).toMatchObject({ code: 0, out: "1  tiny\n" });
  });
});
