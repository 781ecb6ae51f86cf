// The queue's file: one JSON object a line, appended and synced before anybody is told. The only writer of it.
// A last line without its end was never acknowledged and is dropped; any other line that is not an entry is set aside.
import { appendFile, type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { outputFailed } from "../base/failure.ts";
import { explainWrite, writeFileSafely } from "../base/write-file.ts";
import { type JournalEntry, journalEntrySchema } from "./journal-entry.ts";

export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  /** Lines that are no entries. */
  readonly strange: readonly string[];
}

/** What the text of a journal holds. Never throws. */
export function parseJournal(text: string): ReadJournal {
  const lines = text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line !== "");
  const entries: JournalEntry[] = [];
  const strange: string[] = [];
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry === undefined) strange.push(line);
    else entries.push(entry);
  }
  return { entries, strange };
}

function parseLine(line: string): JournalEntry | undefined {
  try {
    return journalEntrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** All that the file holds; nothing where there is none. Strange lines are added to `{path}.strange`. Throws `outputFailed`. */
export async function readJournal(path: string): Promise<ReadJournal> {
  try {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const read = parseJournal(text);
    if (read.strange.length > 0)
      await appendFile(`${path}.strange`, `${read.strange.join("\n")}\n`, { mode: 0o600 });
    return read;
  } catch (error) {
    throw outputFailed(path, explainWrite(error));
  }
}

const show = (entries: readonly JournalEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

/** Holds the file open once something was appended. One call at a time. */
export class Journal {
  readonly #path: string;
  /** Opened by the next append where it is not open. */
  #file: FileHandle | undefined;
  #bytes: number;
  /** A line without its end is in the file and could not be taken out. */
  #torn = false;

  private constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** Replaces the file with `entries`. Throws `outputFailed`. */
  static async open(path: string, entries: readonly JournalEntry[]): Promise<Journal> {
    const text = show(entries);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => {});
    await writeFileSafely(path, text, 0o600);
    return new Journal(path, Buffer.byteLength(text));
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns when the disk has them. Throws `outputFailed`; then the file is as it was before. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    const text = Buffer.from(`${this.#torn ? "\n" : ""}${show(entries)}`);
    try {
      this.#file ??= await open(this.#path, "a", 0o600);
      await this.#file.appendFile(text);
      await this.#file.datasync();
      // What is left of a line that could not be taken out counts, too.
      this.#bytes = this.#torn ? (await this.#file.stat()).size : this.#bytes + text.length;
      this.#torn = false;
    } catch (error) {
      await this.#file?.truncate(this.#bytes).catch(() => {
        this.#torn = true;
      });
      throw outputFailed(this.#path, explainWrite(error));
    }
  }

  /** Puts `entries` in the place of all that is there. Throws `outputFailed`; then the file is as it was before. */
  async replace(entries: readonly JournalEntry[]): Promise<void> {
    const text = show(entries);
    await writeFileSafely(this.#path, text, 0o600);
    this.#bytes = Buffer.byteLength(text);
    await this.close();
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // All that was acknowledged was synced before.
    await file?.close().catch(() => {});
  }
}
