// Runs go on where the cache of prepared networks has no room: places that cannot be written, a limit, little memory.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  kept,
  linearOf,
  newPlace,
  open,
  type Place,
  plenty,
  side,
} from "../support/kept-network.ts";

describe("runs go on without a cache", () => {
  const check = async (place: Place, reason: RegExp): Promise<void> => {
    for (let time = 0; time < 2; time += 1) {
      const { answer, told } = await open(place);
      expect(answer).toBe(side);
      expect(told.filter((each) => each !== "saving")).toEqual(
        told.length === 0 ? [] : [expect.stringMatching(reason)],
      );
      if (time === 1) expect(told).not.toEqual([]);
    }
  };

  it("where its folder is a file", () => {
    const place = newPlace();
    writeFileSync(place.folder, "");
    return check(place, /a file where a folder must be/);
  });

  it("where its limit is too low", () =>
    check(newPlace({ limitBytes: 100 }), /skipped: it takes .*more than the cache's limit/));

  it("where a network would take more than half of the memory", async () => {
    const place = newPlace();
    const scarce = { ...plenty, availableBytes: () => 4 * (2 * side * side + side) * 2 - 1 };
    for (const told of [[], [expect.stringMatching(/^skipped: it takes .* more than half of/)]])
      expect(await open(place, linearOf(place.file), {}, scarce)).toEqual({ answer: side, told });
    const enough = { ...plenty, availableBytes: () => scarce.availableBytes() + 1 + 8 };
    expect(await open(place, linearOf(place.file), {}, enough)).toEqual(kept);
  });

  it("where its disk is read-only", async () => {
    const place = newPlace();
    if (mountDisk(place.folder, "size=1m,ro")) await check(place, /a read-only place/);
  });

  it("where its disk is full", async () => {
    const place = newPlace();
    if (mountDisk(place.folder, "size=8k"))
      await check(place, /skipped: .*the disk has \d+\.\d GB to spare/);
  });

  it("where its disk becomes full while it is written", async () => {
    const place = newPlace();
    if (!mountDisk(place.folder, "size=16k")) return;
    await check(place, /got (a full disk|a disk that took)/);
  });
});

/** A small disk at `path` until the test is over; false where this user cannot mount one. */
function mountDisk(path: string, mountOptions: string): boolean {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", mountOptions, "none", path], { stdio: "pipe" });
  } catch {
    console.warn("SKIPPED: this user cannot mount a small disk");
    return false;
  }
  onTestFinished(() => void execFileSync("umount", [path]));
  return true;
}
