// Places that cannot be written, readers that go away, and pictures that stay whole.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  bundles,
  expectFailure,
  expectNoInsides,
  frecas,
  openWorkplace,
  type Surroundings,
  tinyRecipe,
  write,
} from "./frecas.ts";

const workplace = openWorkplace();

/** Runs the tiny recipe into `output`, which must fail so and leave nothing in `folder`. */
async function check(
  output: string,
  message: RegExp,
  { folder, ...surroundings }: Surroundings & { readonly folder: string },
): Promise<void> {
  write(join(surroundings.cwd, "tiny.frecas"), tinyRecipe(`output: ${output}`));
  const before = readdirSync(folder);
  const ended = await frecas(["run", "tiny.frecas", "--json"], surroundings);
  expectFailure(ended, { code: "output.failed", message });
  expect(readdirSync(folder)).toEqual(before);
}

function place(name: string): string {
  const folder = join(workplace, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

describe("an output that cannot be written", () => {
  it("is a folder", async () => {
    const cwd = place("folder");
    mkdirSync(join(cwd, "lake.png"));
    await check("lake.png", /lake\.png: must be a place that can be written, got a folder/, {
      cwd,
      folder: cwd,
    });
  });

  it("lies below a file", async () => {
    const cwd = place("below");
    write(join(cwd, "file"), "");
    await check("file/deeper/lake.png", /got a file where a folder must be/, { cwd, folder: cwd });
  });

  it("lies in a read-only folder, which is told before anything is painted", async () => {
    const cwd = place("read-only");
    const folder = place("read-only/closed");
    chmodSync(folder, 0o555);
    await check("closed/lake.png", /lake\.png: .*got a place that this user may not write to/, {
      cwd,
      folder,
      asNobody: true,
    });
  });

  it("has a name that is too long", async () => {
    const cwd = place("long");
    await check(`${"a".repeat(300)}.png`, /got a name that is too long/, { cwd, folder: cwd });
  });

  it("lies on a full disk", async (context) => {
    const cwd = place("full");
    const disk = place("full/disk");
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k", "none", disk], { stdio: "ignore" });
    } catch {
      console.warn("SKIPPED: this user cannot mount a small disk, so a full one is not tested");
      context.skip();
    }
    onTestFinished(() => void execFileSync("umount", [disk]));
    await check("disk/lake.png", /got a full disk; choose another output or make room/, {
      cwd,
      folder: disk,
    });
  });
});

describe("a cache that cannot be written is no failure", () => {
  const check = async (cwd: string): Promise<void> => {
    mkdirSync(join(cwd, "out"));
    chmodSync(join(cwd, "out"), 0o777);
    write(join(cwd, "tiny.frecas"), tinyRecipe("output: out/lake.png"));
    const ended = await frecas(["run", "tiny.frecas"], { cwd, asNobody: true });
    expect(ended).toMatchObject({ code: 0, out: `${join(cwd, "out/lake.png")}\n` });
    expectNoInsides(ended.err);
  };

  it("read-only", async () => {
    const cwd = place("cache-read-only");
    chmodSync(place("cache-read-only/cache"), 0o555);
    await check(cwd);
  });

  it("a file", async () => {
    const cwd = place("cache-file");
    write(join(cwd, "cache"), "");
    await check(cwd);
  });

  it("damaged", async () => {
    const cwd = place("cache damaged");
    write(join(cwd, "cache/frecas/machine.json"), '{"provider":7');
    write(join(cwd, "tiny.frecas"), tinyRecipe("output: lake.png"));
    expect(await frecas(["run", "tiny.frecas"], { cwd })).toMatchObject({ code: 0 });
  });
});

it("a remembered provider that does not work here is told with what to do", async (context) => {
  const cwd = place("provider");
  write(join(cwd, "cache/frecas/machine.json"), '{"provider":"cuda"}');
  write(join(cwd, "tiny.frecas"), tinyRecipe("output: lake.png"));
  const ended = await frecas(["run", "tiny.frecas", "--json"], { cwd });
  if (ended.code === 0) {
    console.warn("SKIPPED: this machine has CUDA, so a provider that fails is not tested");
    context.skip();
  }
  expectFailure(ended, {
    code: "provider.unavailable",
    message: /provider cuda: .*run `frecas doctor`/,
  });
});

describe("a reader that goes away ends the program quietly", () => {
  const piped = (command: string): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const cwd = place("piped");
      write(join(cwd, "tiny.frecas"), tinyRecipe("output: '{image}.png'\nimages: 3"));
      const env = {
        ...process.env,
        FRECAS: `${process.execPath} ${bundles.cli}`,
        XDG_CACHE_HOME: join(cwd, "cache"),
      };
      const shell = spawn("bash", ["-c", `set -o pipefail; ${command}`], { cwd, env });
      const said = { out: "", err: "" };
      shell.stdout.on("data", (text) => {
        said.out += text;
      });
      shell.stderr.on("data", (text) => {
        said.err += text;
      });
      shell.on("close", (code) => resolve({ code, ...said }));
    });

  it("after the first line of a run", async () => {
    const { out, err } = await piped("$FRECAS run tiny.frecas --json | head -1");
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toBe("");
  });

  it("before the first line", async () => {
    const { code, err } = await piped("{ sleep 1; $FRECAS plan tiny.frecas; } | true");
    expect({ code, err }).toEqual({ code: 141, err: "" });
  });

  it("of errors too", async () => {
    const command = "{ sleep 1; $FRECAS run none.frecas; } 2>&1 >/dev/null | true";
    expect(await piped(command)).toMatchObject({ code: 141, err: "" });
  });

  it("but a full disk behind standard output is a failure", async () => {
    const { code, err } = await piped("$FRECAS models > /dev/full");
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^frecas: output standard output: .*got a full disk/),
    });
    expectNoInsides(err);
  });
});
