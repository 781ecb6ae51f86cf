// The picture that a run begins with: its values, its size, and that it is the one that was planned.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { encodePng } from "../../daemon/image/write-png.ts";
import { readInit } from "../../daemon/pipeline/read-init.ts";
import { planOf } from "../plan/plan-inputs.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-init-"));
afterAll(() => rmSync(folder, { recursive: true }));

const image = join(folder, "a.png");
const size = { width: 128, height: 128 };

/** What a plan of two stages over this file reads, whose first stage has 128 by 128 pixels. */
async function read(rgb: Uint8Array, side: number, sha256?: string) {
  const bytes = await encodePng({ width: side, height: side, rgb }, {});
  writeFileSync(image, bytes);
  const right = createHash("sha256").update(bytes).digest("hex");
  const { stages } = planOf({ size: { width: 256, height: 256 } });
  return readInit({ init: { image, sha256: sha256 ?? right, size, stage: 1 }, stages });
}

it("is −1..1, channel by channel", async () => {
  const rgb = new Uint8Array(128 * 128 * 3);
  rgb.set([0, 255, 51], 3);
  const picture = await read(rgb, 128);
  expect(picture?.shape).toEqual([1, 3, 128, 128]);
  const plane = 128 * 128;
  expect([1, plane + 1, 2 * plane + 1].map((at) => picture?.data[at])).toEqual([
    -1,
    1,
    expect.closeTo(-0.6, 6),
  ]);
});

it("is resized to its stage, and stays within −1..1 at the sharpest edges", async () => {
  const stripes = Uint8Array.from({ length: 16 * 16 * 3 }, (_, index) =>
    Math.floor(index / 3) % 2 === 0 ? 0 : 255,
  );
  const picture = await read(stripes, 16);
  expect(picture?.shape).toEqual([1, 3, 128, 128]);
  expect(Math.min(...(picture?.data ?? []))).toBe(-1);
  expect(Math.max(...(picture?.data ?? []))).toBe(1);
});

it("must be what was planned", async () => {
  const reading = read(new Uint8Array(128 * 128 * 3), 128, "0".repeat(64));
  await expect(reading).rejects.toThrow(Failure);
  await expect(reading).rejects.toThrow(
    /a\.png: must stay as it was when the run was planned, got other contents; run the recipe again/,
  );
});

it("is nothing where the plan begins with noise", async () => {
  expect(await readInit(planOf({}))).toBe(null);
});
