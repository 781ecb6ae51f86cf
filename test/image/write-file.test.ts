// Files that appear whole or not at all, and a reason people understand where they cannot.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeFileSafely } from "../../daemon/base/write-file.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let cases = 0;

/** A folder of its own for each case; `prepare` sets it up. */
function makeFolder(prepare: (path: string) => void = () => undefined): string {
  cases += 1;
  const path = join(folder, `${cases}`);
  mkdirSync(path);
  prepare(path);
  return path;
}

/** Writes 100 kB to `path`; expects it there, or the reason, and nothing else beside it. */
async function check(path: string, expected: "written" | RegExp): Promise<void> {
  const bytes = Buffer.alloc(100_000, 7);
  if (expected === "written") {
    await writeFileSafely(path, bytes);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  } else {
    const error = { code: "output.failed", message: expect.stringMatching(expected) };
    await expect(writeFileSafely(path, bytes)).rejects.toThrow(expect.objectContaining(error));
  }
}

function leftovers(path: string): readonly string[] {
  return readdirSync(path, { recursive: true })
    .map(String)
    .filter((name) => name.includes(".tmp"));
}

it("writes a file", async () => {
  const at = makeFolder();
  await check(join(at, "a.png"), "written");
  expect(readdirSync(at)).toEqual(["a.png"]);
});

it("writes a text", async () => {
  const at = makeFolder();
  await writeFileSafely(join(at, "a.txt"), "é");
  expect(readFileSync(join(at, "a.txt"), "utf8")).toBe("é");
});

it("makes the folders above", () => check(join(makeFolder(), "b/c/a.png"), "written"));

it("accepts a name as long as names may be", () =>
  check(join(makeFolder(), "n".repeat(255)), "written"));

it("replaces a file", async () => {
  const at = makeFolder((path) => writeFileSync(join(path, "a.png"), "old"));
  await check(join(at, "a.png"), "written");
  expect(leftovers(at)).toEqual([]);
});

it("replaces a link and leaves what it points at", async () => {
  const at = makeFolder((path) => {
    writeFileSync(join(path, "target"), "old");
    symlinkSync("target", join(path, "a.png"));
  });
  await check(join(at, "a.png"), "written");
  expect(readFileSync(join(at, "target"), "utf8")).toBe("old");
});

it("shows the old file or the new one while it writes", async () => {
  const path = join(makeFolder(), "a.bin");
  const bytes = [1, 2].map((value) => Buffer.alloc(3_000_000, value));
  await writeFileSafely(path, bytes[0] ?? "");
  const writing = writeFileSafely(path, bytes[1] ?? "").then(() => "done");
  let state = "writing";
  while (state !== "done") {
    const seen = readFileSync(path);
    expect(bytes.some((whole) => whole.equals(seen))).toBe(true);
    state = await Promise.race([writing, new Promise<string>((r) => setImmediate(r, "writing"))]);
  }
});

it("writes many at once without a mix-up", async () => {
  const at = makeFolder();
  await Promise.all(Array.from({ length: 20 }, () => check(join(at, "a.png"), "written")));
  expect(readdirSync(at)).toEqual(["a.png"]);
});

it("says that a file is where a folder must be", async () => {
  const at = makeFolder((path) => writeFileSync(join(path, "file"), "x"));
  await check(join(at, "file/a.png"), /got a file where a folder must be/);
  await check(join(at, "file/b/a.png"), /got a file where a folder must be/);
});

it("says that a folder has the name, and leaves nothing behind", async () => {
  const at = makeFolder((path) => mkdirSync(join(path, "a.png/full"), { recursive: true }));
  await check(join(at, "a.png"), /got a folder of that name/);
  expect(leftovers(at)).toEqual([]);
});

it("says that a name is too long", () =>
  check(join(makeFolder(), "n".repeat(300)), /got a name that is too long/));

const isRoot = process.geteuid?.() === 0;

it("says that the user may not write there", async () => {
  const at = makeFolder();
  execFileSync("chmod", ["555", at]);
  // Root may write anywhere, so it steps down for a moment.
  if (isRoot) process.seteuid?.(65534);
  try {
    await check(join(at, "a.png"), /got a place that this user may not write to/);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

/** Mounts a small memory disk, or says why not. */
function mount(path: string, options: string): string | undefined {
  if (!isRoot || process.platform !== "linux") return "needs Linux and root to mount a small disk";
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "none", path], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `mount failed: ${String(error)}`;
  }
}

it.each([
  ["the disk is full", "size=64k", /got a full disk; choose another output or make room/],
  ["the disk is read-only", "size=64k,ro", /got a read-only place/],
])("says that %s", async (_, options, message) => {
  const at = makeFolder();
  const reason = mount(at, options);
  if (reason !== undefined) {
    console.warn(`SKIPPED, not tested: "${message.source}": ${reason}`);
    return;
  }
  try {
    await check(join(at, "a.png"), message);
    expect([leftovers(at), existsSync(join(at, "a.png"))]).toEqual([[], false]);
  } finally {
    execFileSync("umount", [at]);
  }
});
