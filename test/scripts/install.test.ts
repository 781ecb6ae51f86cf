// When the scripts install packages: whenever the last installation is not a whole one of the present lock file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const { isInstalled } = await import(new URL("scripts/install.mjs", root).href);

const folder = mkdtempSync(join(tmpdir(), "install-"));
afterAll(() => rmSync(folder, { recursive: true }));

const a = { version: "1.0.0", integrity: "sha512-a" };
const b = { version: "2.0.0", integrity: "sha512-b" };
const elsewhere = { version: "1.0.0", integrity: "sha512-c", optional: true };
const lock = { "": { version: "0.1.0" }, "node_modules/a": a, "node_modules/b": b };

/** `present` is what npm says it has installed; undefined where it has not come to say so. */
function check(wanted: object, present: object | undefined, expected: boolean): void {
  const place = mkdtempSync(join(folder, "clone-"));
  mkdirSync(join(place, "node_modules/a"), { recursive: true });
  writeFileSync(join(place, "package-lock.json"), JSON.stringify({ packages: wanted }));
  const packages = JSON.stringify({ packages: present });
  if (present !== undefined)
    writeFileSync(join(place, "node_modules/.package-lock.json"), packages);
  expect(isInstalled(pathToFileURL(`${place}/`))).toBe(expected);
}

const { "": _, ...all } = lock;

it.each([
  ["a whole one counts", lock, all, true],
  ["one without another system's packages counts", { ...lock, c: elsewhere }, all, true],
  ["one with packages that are not wanted any more counts", lock, { ...all, c: elsewhere }, true],
  ["an interrupted one does not", lock, undefined, false],
  ["one without a package does not", lock, { "node_modules/a": a }, false],
  [
    "one of an older version does not",
    { ...lock, "node_modules/a": { ...a, version: "1.0.1" } },
    all,
    false,
  ],
  [
    "one of another content does not",
    { ...lock, "node_modules/b": { ...b, integrity: "x" } },
    all,
    false,
  ],
] as const)("%s", (_name, wanted, present, expected) => check(wanted, present, expected));

it("the one that these tests run in counts", () => expect(isInstalled(root)).toBe(true));
