// The journal's file where the system refuses to open it for a moment.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { Journal } from "../../daemon/queue/journal.ts";
import { JOURNAL_VERSION, type JournalEntry } from "../../daemon/queue/journal-entry.ts";

const system = vi.hoisted(() => ({ isFull: false }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof promises>();
  const open: typeof real.open = async (path, flags, mode) => {
    if (flags === "a" && system.isFull) throw Object.assign(new Error("open"), { code: "EMFILE" });
    return real.open(path, flags, mode);
  };
  return { ...real, open };
});

const entry = (id: number): JournalEntry => ({
  kind: "started",
  id,
  version: JOURNAL_VERSION,
  atMs: 1,
});

it("a journal that was written anew while no file could be opened takes entries afterwards", async () => {
  const folder = mkdtempSync(join(tmpdir(), "frecas-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "journal.jsonl");
  const journal = await Journal.open(path, []);
  await journal.append([entry(1), entry(2)]);
  system.isFull = true;
  await journal.replace([entry(2)]).catch(() => {});
  await expect(journal.append([entry(3)])).rejects.toMatchObject({ code: "output.failed" });
  system.isFull = false;
  await journal.append([entry(4)]);
  await journal.close();
  const text = [2, 4].map((id) => `${JSON.stringify(entry(id))}\n`).join("");
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(journal.bytes).toBe(Buffer.byteLength(text));
});
