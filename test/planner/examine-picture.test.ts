// What a plan knows of a picture's file: found again while the file stays the same, and never of a file that was written since.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { encodePng } from "../../daemon/image/write-png.ts";
import { pictureExaminer } from "../../daemon/planner/examine-picture.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-examine-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "a.png");

async function paint(width: number, height: number): Promise<void> {
  writeFileSync(
    path,
    await encodePng({ width, height, rgb: new Uint8Array(3 * width * height) }, {}),
  );
}

it("its size and its bytes' hash are told, of the same file once, of another one anew", async () => {
  const examine = pictureExaminer();
  await expect(examine(path)).rejects.toThrow(/a\.png: must be a file that can be read, got none/);
  await paint(8, 16);
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  const first = await examine(path);
  expect(first).toEqual({ size: { width: 8, height: 16 }, sha256 });
  expect(await examine(path)).toBe(first);
  await paint(24, 16);
  expect((await examine(path)).size).toEqual({ width: 24, height: 16 });
  writeFileSync(path, "<!DOCTYPE html>");
  await expect(examine(path)).rejects.toThrow(/a\.png: must be a PNG or JPEG file, got a web page/);
  await paint(8, 16);
  expect(await examine(path)).toEqual(first);
});
