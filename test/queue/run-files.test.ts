// How much is kept of runs' stages, and what goes first.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { runFiles, type TraceLimits } from "../../daemon/queue/run-files.ts";

const parent = mkdtempSync(join(tmpdir(), "frecas-files-"));
afterAll(() => rmSync(parent, { recursive: true }));

const stage = { prompt: 0, stage: 0, pictures: [], maps: null };

/** Runs 1, 2, … whose folders hold so many bytes; null: nothing was kept of that run. */
async function check(
  bytes: readonly (number | null)[],
  limits: TraceLimits,
  expected: readonly number[],
): Promise<void> {
  const folder = mkdtempSync(join(parent, "state-"));
  const files = runFiles(folder, limits);
  const runs = bytes.map((size, index) => {
    const { trace } = files.places(index + 1);
    if (size !== null && size > 0) {
      mkdirSync(trace, { recursive: true });
      writeFileSync(join(trace, "0-0-0.png"), new Uint8Array(size));
    }
    const keptStages = size === null ? [] : [stage];
    return { id: index + 1, keptStages } as unknown as RunRecord;
  });
  const dropped = await files.trimTraces(runs);
  expect([...dropped].sort()).toEqual(expected);
  for (const [index, size] of bytes.entries()) {
    const isThere = size !== null && size > 0 && !expected.includes(index + 1);
    expect(existsSync(files.places(index + 1).trace)).toBe(isThere);
  }
}

it.each([
  ["nothing goes while there is room", [5, 5, 5], { runs: 3, bytes: 15 }, []],
  ["the oldest runs' go where there are too many", [5, 5, 5], { runs: 2, bytes: 99 }, [1]],
  ["the oldest runs' go where they are too large", [5, 5, 5], { runs: 9, bytes: 9 }, [1, 2]],
  ["runs without any do not count", [5, null, null, 5], { runs: 2, bytes: 99 }, []],
  ["what is gone already is told", [5, 0, 5], { runs: 9, bytes: 99 }, [2]],
] as const)("%s", (_, bytes, limits, expected) => check(bytes, limits, expected));
