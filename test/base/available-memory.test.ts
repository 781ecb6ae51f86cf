// How much memory a run may take, from what different systems say of theirs.
import { totalmem } from "node:os";
import { expect, it } from "vitest";
import {
  availableMemory,
  heldMemory,
  judgeMemory,
  type MemoryReadings,
} from "../../daemon/base/available-memory.ts";

const gigabyte = 2 ** 30;
const meminfo = "MemTotal:  16777216 kB\nMemFree:   1048576 kB\nMemAvailable:  8388608 kB\n";
const linux: MemoryReadings = {
  meminfo,
  totalBytes: 16 * gigabyte,
  limitBytes: 0,
  ownBytes: gigabyte,
};

function check(readings: Partial<MemoryReadings>, expectedGigabytes: number): void {
  expect(judgeMemory({ ...linux, ...readings }) / gigabyte).toBe(expectedGigabytes);
}

it("is what Linux says is available, caches included", () => check({}, 8));

it("is all of it where the system does not say what caches would give back", () =>
  check({ meminfo: undefined }, 16));

it("is all of it on a Linux too old to say", () => check({ meminfo: "MemFree: 1 kB\n" }, 16));

it("is what a container leaves beside this process", () => check({ limitBytes: 4 * gigabyte }, 3));

it("is the machine's where the container's limit is larger", () =>
  check({ limitBytes: 64 * gigabyte }, 8));

it("takes an absurd limit for none", () => check({ limitBytes: 2 ** 63 }, 8));

it("is something on this machine", () => {
  expect(availableMemory()).toBeGreaterThan(0);
  expect(availableMemory()).toBeLessThanOrEqual(totalmem());
});

it.runIf(process.platform === "linux")(
  "counts this process's own memory, and no mapped files",
  () => {
    const before = heldMemory(process.pid);
    const held = Buffer.alloc(64 * 2 ** 20, 1);
    expect(heldMemory(process.pid) - before).toBeGreaterThan(held.length / 2);
    expect(heldMemory(process.pid)).toBeLessThan(process.memoryUsage.rss());
  },
);
