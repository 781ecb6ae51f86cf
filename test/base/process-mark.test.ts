// Which process somebody was, whatever became of it and of its number.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isAlive, isRunning, markProcess, parseMark } from "../../daemon/base/process-mark.ts";

describe("a process", () => {
  it("runs while it runs, and not after its end", async () => {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    const mark = markProcess(child.pid ?? 0);
    expect(isRunning(mark)).toBe(true);
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(isRunning(mark)).toBe(false);
  });

  it("is not another one that has its number now", () => {
    const mark = markProcess(process.pid);
    expect(isRunning({ ...mark, started: "12" })).toBe(false);
  });

  it("that has ended does not run, though nobody has asked its system about it", async () => {
    // The shell becomes a program that never asks about the child that the shell has started.
    const parent = spawn("sh", ["-c", "sleep 0.2 & exec sleep 60"], { stdio: "ignore" });
    const children = `/proc/${parent.pid}/task/${parent.pid}/children`;
    const childOf = (): number => Number(readFileSync(children, "utf8").trim());
    await expect.poll(childOf).toBeGreaterThan(0);
    const mark = markProcess(childOf());
    expect(isRunning(mark)).toBe(true);
    await expect.poll(() => isRunning(mark)).toBe(false);
    expect(isAlive(mark.pid)).toBe(false);
    expect(readFileSync(`/proc/${mark.pid}/status`, "utf8")).toMatch(/^State:\s+Z/m);
    parent.kill("SIGKILL");
  });
});

it.each(["", "{", "7", '{"pid":0,"started":""}', '{"pid":"7","started":""}'])(
  "%j is no mark",
  (text) => {
    expect(parseMark(text)).toBeUndefined();
  },
);

it("a mark is read as it was written", () => {
  const mark = markProcess(process.pid);
  expect(parseMark(JSON.stringify(mark))).toEqual(mark);
});
