// Weights never pass through the JS heap: reading a large file's header takes its header, not its weights.
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHeader } from "../../daemon/weights/read-header.ts";

test("the header of a file with 4 GB of weights is read in less than 4 MB", () => {
  const folder = mkdtempSync(join(tmpdir(), "frecas-memory-"));
  const path = join(folder, "large.safetensors");
  const side = 32_768;
  const bytes = side * side * 4;
  const tensor = { dtype: "F32", shape: [side, side], data_offsets: [0, bytes] };
  const header = Buffer.from(JSON.stringify({ weight: tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, "w");
  writeSync(file, Buffer.concat([length, header]));
  ftruncateSync(file, 8 + header.length + bytes);
  closeSync(file);
  const before = process.memoryUsage();
  const stored = readHeader(path).tensors.get("weight");
  const after = process.memoryUsage();
  rmSync(folder, { recursive: true });
  expect(stored?.length).toBe(bytes);
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(grown).toBeLessThan(4 * 2 ** 20);
});
