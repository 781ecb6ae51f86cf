// Refusals, names of pictures that are painted again, the log.
import { expect, it } from "vitest";
import type { Plan } from "../../../daemon/plan/plan.ts";
import { withSeedInNames } from "../../../extension/runs/new-places.ts";
import { plainMessage } from "../../../extension/runs/plain-message.ts";
import { readRefusal } from "../../../extension/runs/refusal.ts";
import { showLog } from "../../../extension/runs/show-log.ts";

it.each([
  [
    "/a b/c.frecas:12: size: must be a number, got x; write 512",
    { text: "size: must be a number, got x; write 512", line: 11 },
  ],
  [
    "/a b/other.frecas:12: size: must be",
    { text: "/a b/other.frecas:12: size: must be", line: undefined },
  ],
  ["model: must be", { text: "model: must be", line: undefined }],
])("the place of %s is taken from its words", (message, expected) => {
  expect(readRefusal(message, "/a b/c.frecas")).toEqual(expected);
});

it.each([
  ["/r/dawn/00000.00.png", 7, "/r/dawn/00000.00.seed-7.png"],
  ["C:\\r\\dawn.png", 7, "C:\\r\\dawn.seed-7.png"],
  ["/r/dawn-7.png", 7, "/r/dawn-7.png"],
  ["/r/dawn-17.png", 7, "/r/dawn-17.seed-7.png"],
  ["/r.d/dawn", 7, "/r.d/dawn.seed-7"],
])("%s painted again with seed %i is %s", (path, seed, expected) => {
  const plan = { name: "dawn", prompts: [{ seed, outputs: [path] }] } as unknown as Plan;
  expect(withSeedInNames(plan).prompts[0]?.outputs).toEqual([expected]);
});

it("the log is the last lines of both files, and a strange line stays as it is", () => {
  const daemon = `${'{"time":"old","msg":"x"}\n'.repeat(600)}{"time":"T","msg":"run 1, ended"}\nnot JSON\n`;
  const lines = showLog("/state/logs", { daemon, engine: "a\nb\n" }).split("\n");
  expect(lines.filter((line) => line === "old  x")).toHaveLength(498);
  expect(lines.slice(-8)).toEqual(
    ["T  run 1, ended", "not JSON", "", "engine.log", "a", "b", ""]
      .slice(-8)
      .toSpliced(0, 0, "old  x"),
  );
});

it("nothing in a notification's sentence is a link", () => {
  expect(plainMessage("model: got [a](command:b); write vista")).toBe(
    "model: got [a] (command:b); write vista",
  );
});
