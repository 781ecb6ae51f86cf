// The map for a model's previews: where it goes, and what is left where nobody waits for it.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { type CliContext, openContext } from "../../daemon/cli/cli-context.ts";
import { fitPreview } from "../../daemon/cli/fit-preview.ts";
import {
  bundles,
  expectFailure,
  frecas,
  goldenModel,
  openWorkplace,
  start,
  write,
} from "./frecas.ts";

const cwd = openWorkplace();

/** Where temporary files go. */
const temporary = join(cwd, "tmp");
mkdirSync(temporary);
const env = { TMPDIR: temporary };

const left = (): readonly string[] => readdirSync(temporary);

const args = (file: string): readonly string[] => ["fit-preview", goldenModel, "--output", file];

const map = [0, 1, 2].map(() => [1, 2]);

it.each([
  ["that is not there", undefined, []],
  ["that is empty", "", []],
  ["that is damaged", '{"1 1 0":', []],
  ["with another map, which stays", JSON.stringify({ "1 1 0": map }), ["1 1 0"]],
])("goes into a file %s", async (name, content, others) => {
  const file = join(cwd, `${name}.json`);
  if (content !== undefined) write(file, content);
  const ended = await frecas(args(file), { cwd, env });
  expect(ended).toMatchObject({ code: 0, out: `the map is in ${file}\n`, err: "" });
  const maps = JSON.parse(readFileSync(file, "utf8"));
  expect(Object.keys(maps)).toEqual([...others, "4 0.18215 0"]);
  expect(left()).toEqual([]);
});

it("is not there after Ctrl-C, and nothing else either", async () => {
  const { child, ended } = start(args("none.json"), { cwd, env });
  const engines = (): readonly number[] =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number);
  await expect.poll(engines, { timeout: 20_000 }).toHaveLength(1);
  for (const engine of engines()) process.kill(engine, "SIGSTOP");
  child.kill("SIGINT");
  expectFailure(await ended, { code: "run.cancelled", message: /there is no map yet/, exit: 130 });
  expect(left()).toEqual([]);
  expect(readdirSync(cwd)).not.toContain("none.json");
});

/** For a command in this process; `interrupt` is Ctrl-C. */
function contextHere(): { readonly context: CliContext; interrupt(): void } {
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const heard = new Set<() => void>();
  const context: CliContext = {
    ...openContext(pathToFileURL(bundles.cli).href),
    cwd,
    onInterrupt: (listener) => {
      heard.add(listener);
      return () => void heard.delete(listener);
    },
  };
  return {
    context,
    interrupt: () => {
      for (const listener of heard) listener();
    },
  };
}

it("leaves nothing where Ctrl-C comes before there is an engine", async () => {
  const before: unknown[] = [];
  const context = {
    ...contextHere().context,
    onInterrupt: (listener: () => void) => {
      before.push(...left());
      listener();
      return () => {};
    },
  };
  await expect(fitPreview(goldenModel, { output: "none.json" }, context)).rejects.toMatchObject({
    code: "run.cancelled",
  });
  expect(before).toEqual([]);
  expect(left()).toEqual([]);
  expect(readdirSync(cwd)).not.toContain("none.json");
});

it("does not wait for a plan after Ctrl-C", async () => {
  const { context, interrupt } = contextHere();
  const never = (): Promise<never> => new Promise(() => interrupt());
  const finder = { find: never, lookUp: never };
  await expect(fitPreview(goldenModel, {}, { ...context, finder })).rejects.toMatchObject({
    code: "run.cancelled",
  });
  expect(left()).toEqual([]);
});

it("is not written where Ctrl-C comes after the engine's last word", async () => {
  const { context, interrupt } = contextHere();
  const file = join(cwd, "late.json");
  // Asked for when there is a map to go there; whoever copies the context to plan with it does not see it.
  Object.defineProperty(context, "latentMaps", {
    enumerable: false,
    get: () => {
      expect(left().some((folder) => existsSync(join(temporary, folder, "maps.json")))).toBe(true);
      interrupt();
      return file;
    },
  });
  await expect(fitPreview(goldenModel, {}, context)).rejects.toMatchObject({
    code: "run.cancelled",
  });
  expect(existsSync(file)).toBe(false);
  expect(left()).toEqual([]);
});
