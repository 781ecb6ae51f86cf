// Reading what recipes and models name: regular files of a sane size, and never a wait.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readModelText, readText } from "../../daemon/base/read-text.ts";

const folder = mkdtempSync(join(tmpdir(), "read-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
writeFileSync(at("file"), "ein Text: é\n");
writeFileSync(at("empty"), "");
symlinkSync("file", at("link"));
symlinkSync("gone", at("dangling"));
mkdirSync(at("folder"));
writeFileSync(at("large"), "");
truncateSync(at("large"), 64 * 2 ** 20 + 1);
execFileSync("mkfifo", [at("pipe")]);
symlinkSync("/dev/zero", at("endless"));

/** `expected` is the text, or what a model's file that cannot be read is told to be. */
function check(path: string, expected: string | undefined | RegExp): void {
  const isRefused = expected instanceof RegExp;
  expect(readText(path)).toBe(isRefused ? undefined : expected);
  if (isRefused) expect(() => readModelText(path)).toThrow(expected);
  else expect(readModelText(path)).toBe(expected);
}

it.each([
  ["a file", "file", "ein Text: é\n"],
  ["an empty file", "empty", ""],
  ["a file behind a link", "link", "ein Text: é\n"],
  ["no file", "none", undefined],
  ["a link to nowhere", "dangling", undefined],
  ["a folder", "folder", undefined],
  ["a file below a file", "file/deeper", undefined],
  ["a file that is too large", "large", /got "a file of 67108865 bytes, above 67108864"/],
  ["a pipe that nobody writes to", "pipe", /got "a device or a pipe, not a file"/],
  ["a device that never ends", "endless", /got "a device or a pipe, not a file"/],
] as const)("%s", (_, name, expected) => check(at(name), expected));

it.runIf(process.platform === "linux")("a file of the kernel, whose length it does not say", () =>
  check("/proc/self/status", ""),
);
