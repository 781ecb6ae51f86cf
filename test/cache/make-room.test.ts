// What has to go before another network is kept, and what is in the way of keeping it.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeRoom } from "../../daemon/cache/make-room.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-room-"));
afterAll(() => rmSync(workplace, { recursive: true }));

const hours = 3_600_000;
const now = Date.UTC(2030, 0, 1);
const megabyte = 1e6;

/** An entry of a megabyte; unfinished ones have no facts. */
interface Entry {
  readonly name: string;
  readonly hoursAgo: number;
  readonly isWhole?: boolean;
}

function cacheOf(entries: readonly Entry[]): string {
  const folder = mkdtempSync(join(workplace, "cache-"));
  for (const { name, hoursAgo, isWhole = true } of entries) {
    const entry = join(folder, name);
    mkdirSync(entry);
    writeFileSync(join(entry, "weights.bin"), "");
    truncateSync(join(entry, "weights.bin"), megabyte);
    const facts = { model: "m", network: "denoiser", graphHash: "", weightsBytes: megabyte };
    if (isWhole) writeFileSync(join(entry, "entry.json"), JSON.stringify(facts));
    const then = new Date(now - hoursAgo * hours);
    utimesSync(isWhole ? join(entry, "entry.json") : entry, then, then);
  }
  return folder;
}

/** What is left of `entries` when `megabytes` more are to be kept, and the reason where they are not. */
function check(
  entries: readonly Entry[],
  { megabytes, limit }: { readonly megabytes: number; readonly limit: number },
  expected: { readonly left: readonly string[]; readonly reason?: RegExp },
): void {
  const folder = cacheOf(entries);
  const reason = makeRoom({ folder, limitBytes: limit * megabyte }, megabytes * megabyte, now);
  expect(readdirSync(folder).sort()).toEqual(expected.left);
  if (expected.reason === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(expected.reason);
}

const three: readonly Entry[] = [
  { name: "a", hoursAgo: 2 },
  { name: "b", hoursAgo: 3 },
  { name: "c", hoursAgo: 1 },
];

it("nothing goes where there is room", () =>
  check(three, { megabytes: 1, limit: 5 }, { left: ["a", "b", "c"] }));

it("the least recently used go first, as many as it takes", () => {
  check(three, { megabytes: 1, limit: 3.5 }, { left: ["a", "c"] });
  check(three, { megabytes: 2, limit: 3.5 }, { left: ["c"] });
});

it("a network above the limit is not kept, and nothing goes for it", () =>
  check(
    three,
    { megabytes: 6000, limit: 5000 },
    { left: ["a", "b", "c"], reason: /takes 6\.0 GB, more than the cache's limit of 5\.0 GB/ },
  ));

it("a network that would fill the disk is not kept, and nothing goes for it", () =>
  check(
    three,
    { megabytes: 1e9, limit: 1e10 },
    { left: ["a", "b", "c"], reason: /takes 1000000\.0 GB, and the disk has \d+\.\d GB to spare/ },
  ));

it("what a killed process left goes after an hour, what is being written stays", () =>
  check(
    [
      { name: "kept", hoursAgo: 900 },
      { name: "kept.1.tmp", hoursAgo: 1.1, isWhole: false },
      { name: "other.2.tmp", hoursAgo: 0.9, isWhole: false },
    ],
    { megabytes: 1, limit: 9 },
    { left: ["kept", "other.2.tmp"] },
  ));

it("what is being written counts", () =>
  check(
    [
      { name: "a", hoursAgo: 1 },
      { name: "b.1.tmp", hoursAgo: 0.1, isWhole: false },
    ],
    { megabytes: 1, limit: 2.5 },
    { left: ["b.1.tmp"] },
  ));
