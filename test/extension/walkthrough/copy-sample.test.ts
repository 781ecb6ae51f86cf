// Samples beside a user's own files.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { copySample, provideSample } from "../../../extension/walkthrough/copy-sample.ts";

const root = mkdtempSync(join(tmpdir(), "frecas-sample-"));
afterAll(() => rmSync(root, { recursive: true }));
const from = mkdtempSync(join(root, "from-"));
writeFileSync(join(from, "dawn.frecas"), "prompt: a lake\n");

/** What copying `times` leaves in a folder with these files, and the names of the copies. */
async function check(
  files: Readonly<Record<string, string>>,
  times: number,
  expected: {
    readonly copies: readonly string[];
    readonly after: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const to = mkdtempSync(join(root, "to-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(to, name), text);
  const copies: string[] = [];
  for (let time = 0; time < times; time += 1)
    copies.push(await copySample("dawn.frecas", { from, to }));
  expect(copies).toEqual(expected.copies.map((name) => join(to, name)));
  const after = readdirSync(to).map((name) => [name, readFileSync(join(to, name), "utf8")]);
  expect(Object.fromEntries(after)).toEqual(expected.after);
}

const sample = "prompt: a lake\n";

it("an empty folder gets the sample under its name", () =>
  check({}, 1, { copies: ["dawn.frecas"], after: { "dawn.frecas": sample } }));

it("a copy that is there is taken again", () =>
  check({}, 2, { copies: ["dawn.frecas", "dawn.frecas"], after: { "dawn.frecas": sample } }));

it("a file of that name that is another one stays as it is", () =>
  check({ "dawn.frecas": "prompt: mine\n" }, 2, {
    copies: ["dawn-2.frecas", "dawn-2.frecas"],
    after: { "dawn.frecas": "prompt: mine\n", "dawn-2.frecas": sample },
  }));

it("a sample that another one names is there afterwards, and is never written over", async () => {
  const to = mkdtempSync(join(root, "to-"));
  const path = join(to, "dawn.frecas");
  await provideSample("dawn.frecas", { from, to });
  expect(readFileSync(path, "utf8")).toBe(sample);
  writeFileSync(path, "prompt: mine\n");
  await provideSample("dawn.frecas", { from, to });
  expect(readFileSync(path, "utf8")).toBe("prompt: mine\n");
  await expect(provideSample("none.frecas", { from, to })).rejects.toThrow("none.frecas");
});

it("a folder that is missing is made", async () => {
  const to = join(root, "new", "samples");
  expect(await copySample("dawn.frecas", { from, to })).toBe(join(to, "dawn.frecas"));
});

it("a sample that is missing is an error, and nothing is written", async () => {
  const to = join(root, "nothing");
  await expect(copySample("none.frecas", { from, to })).rejects.toThrow("none.frecas");
  expect(() => readdirSync(to)).toThrow("ENOENT");
});
