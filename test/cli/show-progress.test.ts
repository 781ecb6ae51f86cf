// The moving line of a run: step and time left are seen on every terminal, whatever the recipe is called.
import { expect, it } from "vitest";
import { showProgress } from "../../daemon/cli/show-progress.ts";
import { openTerminal } from "../../daemon/cli/terminal.ts";
import { planOf } from "../plan/plan-inputs.ts";

/** What is drawn for a step in the middle of a recipe called `name`. */
function check(name: string, width: number, expected: RegExp): void {
  const lines: string[] = [];
  const terminal = {
    out: () => {},
    err: () => {},
    draw: (line: string) => lines.push(line),
    width,
  };
  const watch = showProgress({ ...planOf({}), name }, terminal);
  const at = { stage: 1, prompt: 0, step: 5, steps: 12, timestep: 50, done: 36, total: 50 };
  watch({ kind: "event", atMs: 0, event: { kind: "calling", part: "denoiser", stage: 1 } });
  watch({ kind: "event", atMs: 60_000, event: { kind: "step", ...at } });
  expect(lines).toEqual([expect.stringMatching(expected)]);
  expect([...(lines[0] ?? "")].length).toBeLessThan(width);
}

const facts = "stage 2\\/3 256×256 · step 6\\/12 · \\d+ (s|min) left$";

it.each([
  ["dawn", 120, "^dawn █{17}░{7} "],
  ["dawn", 80, "^dawn █{17}░{7} "],
  ["a-name-of-thirty-letters-in-all", 80, "^a-name-of-thirty-let[a-z-]*…? █{6}░{2} "],
  ["ß".repeat(99), 80, "^ß+… █{6}░{2} "],
  ["𝔇".repeat(99), 80, "^𝔇+… █{6}░{2} "],
  ["dawn", 50, "^(dawn )?"],
])("%s in %i columns", (name, width, start) => check(name, width, new RegExp(start + facts, "u")));

it("a terminal too narrow for anything still gets one line", () => check("dawn", 20, /^stage 2/));

it.each([
  [0, 80],
  [undefined, 80],
  [132, 132],
])("a terminal that says %s columns has %i", (columns, width) => {
  const { stderr } = process;
  const before = Object.getOwnPropertyDescriptor(stderr, "columns");
  Object.defineProperty(stderr, "columns", { value: columns, configurable: true });
  expect(openTerminal().width).toBe(width);
  if (before === undefined) Reflect.deleteProperty(stderr, "columns");
  else Object.defineProperty(stderr, "columns", before);
});
