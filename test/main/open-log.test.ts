// The daemon's log files where the disk does not always take what is written.
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { createStream, RotatingFileStream } from "rotating-file-stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { openLog } from "../../daemon/main/open-log.ts";

const streams = vi.hoisted((): RotatingFileStream[] => []);
vi.mock("rotating-file-stream", async (original) => {
  const library = await original<{ readonly createStream: typeof createStream }>();
  return {
    createStream: (...args: Parameters<typeof createStream>) => {
      const stream = library.createStream(...args);
      streams.push(stream);
      return stream;
    },
  };
});

it("both logs go on after a moment in which nothing could be written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "frecas-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = ["daemon.log", "engine.log"].map((name) => join(folder, name));
  for (const file of files) mkdirSync(file);
  const log = openLog(folder);
  log.write("lost");
  log.engine("lost\n");
  await Promise.all(
    streams.map((stream) => new Promise<void>((resolve) => stream.once("close", () => resolve()))),
  );
  for (const file of files) rmdirSync(file);
  log.write("one");
  log.engine("one\n");
  log.write("two");
  log.engine("two\n");
  await log.close();
  const [own = "", engines = ""] = files.map((file) => readFileSync(file, "utf8"));
  expect(own.match(/"msg":"\w+"/g)).toEqual(['"msg":"one"', '"msg":"two"']);
  expect(engines).toBe("one\ntwo\n");
});
