// Recipe files as people get them wrong: check, plan and run of texts, names and --set.
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Ended,
  expectFailure,
  expectNoInsides,
  frecas,
  openWorkplace,
  tinyRecipe,
  write,
} from "./frecas.ts";

const cwd = openWorkplace();
const here = (...args: readonly string[]): Promise<Ended> => frecas(args, { cwd });

beforeAll(() => {
  write(join(cwd, "tiny.frecas"), tinyRecipe("output: tiny.png"));
  write(join(cwd, "two.frecas"), `name: one\n${tinyRecipe()}---\nname: other\n${tinyRecipe()}`);
  write(join(cwd, "wrong.frecas"), "prompt: a lake\nsiez: 512\nseed: maybe\n");
  write(join(cwd, "warned.frecas"), `${tinyRecipe("frequency_guidance: 5")}`);
  write(join(cwd, "empty.frecas"), "");
  write(join(cwd, "noise.frecas"), Buffer.from(Array.from({ length: 5000 }, (_, i) => i * i)));
  write(join(cwd, "long.frecas"), `prompt: ${"a".repeat(100_000)}\nseed: [${"b".repeat(9000)}\n`);
  write(join(cwd, "c#/tiny.frecas"), tinyRecipe());
  mkdirSync(join(cwd, "folder"));
});

describe("a recipe file with errors", () => {
  it("is shown by check with a caret under each place, and exit code 1", async () => {
    const { code, out, err } = await here("check", "wrong.frecas");
    expect(code).toBe(1);
    expect(out).toMatch(/^wrong\.frecas:2:1: error: siez: .*write size \[unknown-key\]$/m);
    expect(out).toContain("2 | siez: 512\n  | ^^^^\n");
    expect(out).toContain("3 | seed: maybe\n  |       ^^^^^\n");
    expect(err).toBe("wrong.frecas: 0 recipes, 2 errors, 0 warnings\n");
  });

  it("is shown by check at a method that is not for the model", async () => {
    write(join(cwd, "unfit.frecas"), tinyRecipe("method: demofusion"));
    const { code, out, err } = await here("check", "unfit.frecas");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^unfit\.frecas:6:9: error: method: demofusion is for .* \[not-planned\]$/m,
    );
    expect(out).toContain("6 | method: demofusion\n  |         ^^^^^^^^^^\n");
    expect(err).toBe("unfit.frecas: 1 recipe, 1 error, 0 warnings\n");
  });

  it("is shown by check at a LoRA that is not there, as a warning", async () => {
    write(join(cwd, "unpaired.frecas"), tinyRecipe("lora: [none.safetensors]"));
    const { code, out, err } = await here("check", "unpaired.frecas");
    expect(code).toBe(0);
    expect(out).toMatch(/^unpaired\.frecas:6:7: warning: lora .*none\.safetensors: must be /m);
    expect(err).toBe("unpaired.frecas: 1 recipe, 0 errors, 1 warning\n");
  });

  it("is shown by check --json as one problem a line", async () => {
    const { code, out, err } = await here("check", "wrong.frecas", "--json");
    const codes = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).code);
    expect({ code, codes, err }).toMatchObject({
      code: 1,
      codes: ["unknown-key", expect.any(String)],
      err: "",
    });
  });

  it.each(["run", "plan"])("stops %s with exit code 2 and the same carets", async (command) => {
    const ended = await here(command, "wrong.frecas");
    expectFailure(ended, { code: "recipe.invalid", message: /must be free of errors, got 2/ });
    expect(ended.err).toContain("2 | siez: 512\n  | ^^^^\n");
    expect(ended.out).toBe("");
  });

  it.each(["noise.frecas", "long.frecas"])(
    "is shown in lines that can be read: %s",
    async (file) => {
      const { code, out, err } = await here("check", file);
      expect(code).toBe(1);
      expectNoInsides(err);
      const lines = out.split("\n").map((line) => line.length);
      expect(Math.max(...lines)).toBeLessThan(1000);
    },
  );
});

it("a recipe without errors passes check, and a warning alone does too", async () => {
  expect(await here("check", "tiny.frecas")).toMatchObject({ code: 0, out: "" });
  expect((await here("check", "warned.frecas")).code).toBe(0);
});

describe("a target that is not there", () => {
  it.each([
    ["none.frecas", /none\.frecas: must be a file that can be read/],
    ["folder", /folder: must be a file that can be read/],
    ["tiny.frecas/deeper", /must be a file that can be read/],
    ["/dev/zero", /must be a file that can be read/],
  ])("%s fails check, plan and run alike", async (file, message) => {
    for (const command of ["check", "plan", "run"])
      expectFailure(await here(command, file, "--json"), { code: "recipe.invalid", message });
  });

  it.each([
    ["two.frecas#third", /must hold a recipe called third, got one, other; use one of/],
    ["empty.frecas", /must hold a recipe, got none|must be free of errors/],
  ])("%s fails plan and run alike", async (target, message) => {
    for (const command of ["plan", "run"])
      expectFailure(await here(command, target, "--json"), { code: "recipe.invalid", message });
  });
});

it("a file that this user may not read fails check, plan and run alike", async () => {
  chmodSync(write(join(cwd, "closed.frecas"), tinyRecipe()), 0);
  for (const command of ["check", "plan", "run"]) {
    const ended = await frecas([command, "closed.frecas"], { cwd, asNobody: true });
    const message = /closed\.frecas: must be a file that can be read/;
    expectFailure(ended, { code: "recipe.invalid", message });
  }
});

describe("plan", () => {
  it("--json is one plan a line, the same over two calls", async () => {
    const [first, second] = await Promise.all([
      here("plan", "two.frecas", "--json"),
      here("plan", "two.frecas", "--json"),
    ]);
    const names = first.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).name);
    expect(names).toEqual(["one", "other"]);
    expect(second).toEqual(first);
  });

  it("takes the one recipe after #, and leaves a # in a folder's name alone", async () => {
    const { out } = await here("plan", "two.frecas#other", "--json");
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).name),
    ).toEqual(["other"]);
    expect((await here("plan", "c#/tiny.frecas")).code).toBe(0);
    expect((await here("plan", "c#/tiny.frecas#tiny")).code).toBe(0);
  });

  it("takes changes by --set, as run does", async () => {
    const { out } = await here("plan", "two.frecas#other", "--json", "--set", "seed=71");
    expect(JSON.parse(out).prompts[0].seed).toBe(71);
  });

  it("says in text what it would write", async () => {
    const { code, out, err } = await here("plan", "tiny.frecas");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(join(cwd, "tiny.png"));
  });
});

describe("--set", () => {
  it.each([
    ["size", /--set: must be key=value, got "size"/],
    ["=5", /--set: must be key=value, got "=5"/],
    ["siez=64", /must be free of errors, got 1/],
    ["seed=maybe", /must be free of errors, got 1/],
    ["stages=[{", /must be free of errors, got \d/],
  ])("refuses %s", async (change, message) => {
    const ended = await here("run", "tiny.frecas", "--set", change, "--json");
    expectFailure(ended, { code: "recipe.invalid", message });
  });

  it("may stand before the file, and again", async () => {
    const ended = await here(
      "run",
      "--set",
      "seed=3",
      "tiny.frecas",
      "--set",
      "output=set-{seed}.png",
    );
    expect(ended).toMatchObject({ code: 0, out: `${join(cwd, "set-3.png")}\n` });
  });
});

describe("a run that needs more memory than there is", () => {
  it("says both sizes before anything is loaded", async () => {
    const huge = "stages=[{ size: 16384, steps: 1 }]";
    const ended = await here(
      "run",
      "tiny.frecas",
      "--set",
      huge,
      "--set",
      "images=64",
      "--set",
      "output='{image}.png'",
      "--json",
    );
    expectFailure(ended, {
      code: "memory.short",
      message: /needs about \d+\.\d GB, got \d+\.\d GB available; write size: \d+x\d+/,
    });
    expect(ended.out).not.toContain("opening");
  });
});

describe("--json of a run", () => {
  it("is one object a line, the last one saying that it is done", async () => {
    const { code, out, err } = await here("run", "tiny.frecas", "--json");
    const kinds = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).kind);
    expect({ code, err, last: kinds.at(-1) }).toEqual({ code: 0, err: "", last: "done" });
    expect(kinds).toEqual(expect.arrayContaining(["opening", "step", "picture"]));
  });

  it("holds no prompt", async () => {
    const { out, err } = await here("run", "tiny.frecas", "--json", "--set", "prompt=xyzzy-secret");
    expect(out + err).not.toContain("xyzzy");
  });
});
