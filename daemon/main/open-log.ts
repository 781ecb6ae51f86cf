// Log files that turn over by themselves: the daemon's own lines, and the words of its engines. No prompt is in them.
import pino from "pino";
import { createStream, type RotatingFileStream } from "rotating-file-stream";

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
  const own = logFile(folder, "daemon.log");
  const engines = logFile(folder, "engine.log");
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, own);
  return {
    write: (line) => logger.info(line),
    engine: engines.write,
    close: async () => {
      await Promise.all([own.end(), engines.end()]);
    },
  };
}

interface LogFile {
  write(text: string): void;
  /** Resolves when all is in the file. */
  end(): Promise<void>;
}

function logFile(folder: string, name: string): LogFile {
  const open = (): RotatingFileStream =>
    createStream(name, { path: folder, size: "1M", maxFiles: 3, mode: 0o600 })
      // A disk without room for a log may still have room for a picture.
      .on("error", () => {})
      .on("warning", () => {});
  let stream = open();
  return {
    write: (text) => {
      // What could not be written once ends a stream for good, and the disk may have room again.
      if (stream.destroyed) stream = open();
      stream.write(text);
    },
    end: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
