// The words around the work: help, unknown commands, models, doctor. Exit code 0 or 2, and JSON where asked for.
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { type Ended, expectFailure, expectNoInsides, frecas, openWorkplace } from "./frecas.ts";

const cwd = openWorkplace();
const here = (...args: readonly string[]): Promise<Ended> => frecas(args, { cwd });

describe("help", () => {
  it.each([[["--help"]], [["-h"]], [["help"]], [["run", "--help"]], [["help", "generate"]]])(
    "%j is on standard output, with exit code 0",
    async (args) => {
      const { code, out, err } = await here(...args);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^Usage: frecas/);
    },
  );

  it("is shown where no command is given, as a failure", async () => {
    const ended = await here();
    expectFailure(ended, { code: "command.invalid", message: /got no command/ });
    expect(ended.err).toMatch(/^Usage: frecas/);
  });
});

it.each(["--version", "-V"])("%s is the package's", async (flag) => {
  expect(await here(flag)).toEqual({
    code: 0,
    signal: null,
    out: `${manifest.version}\n`,
    err: "",
  });
});

describe("a command line that cannot be understood", () => {
  it.each([
    [["paint"], /unknown command 'paint'/],
    [["pln", "x"], /unknown command 'pln' \(Did you mean plan\?\)/],
    [["run"], /missing required argument 'file'/],
    [["run", "a", "b"], /too many arguments/],
    [["run", "--surprise"], /unknown option '--surprise'/],
    [["info", "a.png", "--set"], /unknown option '--set'/],
    [["constructor"], /unknown command 'constructor'/],
  ])("%j is a failure, in JSON too", async (args, message) => {
    expectFailure(await here(...args), { code: "command.invalid", message });
    const asked = await here(...args, "--json");
    expect(asked).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^\{"failed":"command\.invalid"/),
    });
  });
});

it("models lists the built-in one, in JSON with its folder", async () => {
  const table = expect.stringMatching(/^Built in\n {2}vista +sd +128 px fp16 +23\.6 MB\n/);
  expect(await here("models")).toMatchObject({ code: 0, out: table, err: "" });
  const { code, out } = await here("models", "--json");
  expect(code).toBe(0);
  const path = expect.stringMatching(/media\/models\/vista$/);
  expect(JSON.parse(out)).toMatchObject({ name: "vista", path, source: "built-in", family: "sd" });
});

describe("doctor", () => {
  it("says what works, and nothing of the runtime's own warnings", async () => {
    const { code, out, err } = await here("doctor");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^cpu +works: agrees with the CPU/m);
    expect(out).toMatch(/^runs use +\w+$/m);
    expectNoInsides(err);
  });

  it("--json is one object", async () => {
    const { code, out, err } = await here("doctor", "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const report = JSON.parse(out);
    expect(report.memoryBytes).toBeGreaterThan(0);
    expect(report.providers).toContainEqual(
      expect.objectContaining({ provider: "cpu", usable: true }),
    );
  });
});
