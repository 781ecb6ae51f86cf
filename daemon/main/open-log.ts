// Log files that turn over by themselves: the daemon's own lines, and the words of its engines. No prompt is in them.
import pino from "pino";
import { createStream } from "rotating-file-stream";

export interface Log {
  /** A line of the daemon's. */
  write(line: string): void;
  /** Text of an engine, as it came. */
  engine(text: string): void;
  /** Resolves when all is in the files. */
  close(): Promise<void>;
}

/** Writes `daemon.log` and `engine.log` in `folder`, each up to 1 MB and three older ones. */
export function openLog(folder: string): Log {
  const open = (name: string) =>
    createStream(name, { path: folder, size: "1M", maxFiles: 3, mode: 0o600 })
      // A disk without room for a log may still have room for a picture.
      .on("error", () => {})
      .on("warning", () => {});
  const own = open("daemon.log");
  const engines = open("engine.log");
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, own);
  const end = (stream: typeof own): Promise<void> =>
    new Promise((resolve) => stream.end(() => resolve()));
  return {
    write: (line) => logger.info(line),
    engine: (text) => void engines.write(text),
    close: async () => {
      await Promise.all([end(own), end(engines)]);
    },
  };
}
