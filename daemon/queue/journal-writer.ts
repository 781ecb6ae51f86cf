// Puts entries into the journal in the order of asking, many with one sync, and tells of each when the disk has it.
// An entry that must be kept fails with its batch; any other one waits for a disk that takes it again.
import type { Failure } from "../base/failure.ts";
import type { Journal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";

interface Waiting {
  readonly entries: readonly JournalEntry[];
  readonly mustBeKept: boolean;
  done(): void;
  fail(error: Failure): void;
}

export interface JournalWriter {
  /** Resolves once `onEntry` was called with each. Rejects with `outputFailed` where they must be kept and cannot be. */
  write(entries: readonly JournalEntry[], mustBeKept: boolean): Promise<void>;
  /** Resolves when nothing is being written any more; what the disk refused before has been tried once more. */
  idle(): Promise<void>;
}

/** `onEntry` is called in the order of the journal. `onWritten` comes after each batch, before the next one. */
export function journalWriter(
  journal: Pick<Journal, "append">,
  onEntry: (entry: JournalEntry) => void,
  onWritten: () => Promise<void>,
): JournalWriter {
  let waiting: Waiting[] = [];
  let unwritten: readonly JournalEntry[] = [];
  let running: Promise<void> | undefined;

  const tell = ({ entries, done }: Waiting): void => {
    for (const entry of entries) onEntry(entry);
    done();
  };
  const append = async (batch: readonly Waiting[]): Promise<Failure | null> => {
    try {
      await journal.append([...unwritten, ...batch.flatMap(({ entries }) => entries)]);
      unwritten = [];
      return null;
    } catch (error) {
      return error as Failure;
    }
  };
  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    const failure = await append(batch);
    if (failure === null) {
      for (const each of batch) tell(each);
      return onWritten();
    }
    const kept = batch.filter(({ mustBeKept }) => !mustBeKept);
    unwritten = [...unwritten, ...kept.flatMap(({ entries }) => entries)];
    for (const each of kept) tell(each);
    for (const each of batch) if (each.mustBeKept) each.fail(failure);
  };
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(batch);
    }
    running = undefined;
  };
  return {
    write: (entries, mustBeKept) =>
      new Promise((done, fail) => {
        waiting.push({ entries, mustBeKept, done, fail });
        running ??= work();
      }),
    idle: async () => {
      await running;
      // What the disk did not take when it happened.
      if (unwritten.length > 0) await append([]);
    },
  };
}
