// Which changes of what the system says of a file mean that its bytes may be others.
import { expect, it } from "vitest";
import { wasWritten } from "../../daemon/pipeline/model-files.ts";

const before = { ino: 1n, size: 10n, mtimeNs: 5n, ctimeNs: 7n };

it.each([
  ["that nobody touched", {}, false],
  ["that was renamed into its place", { ino: 2n, ctimeNs: 8n }, true],
  ["with other rights", { ctimeNs: 8n }, false],
  ["whose inode was forgotten and got another number", { ino: 2n }, false],
  ["of another size", { size: 11n }, true],
  ["that was written in its place", { mtimeNs: 6n, ctimeNs: 8n }, true],
])("a file %s", (_, change, expected) => {
  expect(wasWritten(before, { ...before, ...change })).toBe(expected);
});
