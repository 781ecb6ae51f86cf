// What a journal adds up to, whatever was written and however it was cut.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyQueue, foldEntry, type QueueState } from "../../daemon/queue/fold.ts";
import { parseJournal } from "../../daemon/queue/journal.ts";
import { entriesOf } from "../../daemon/queue/journal-entries.ts";
import {
  JOURNAL_VERSION,
  type JournalEntry,
  type NewEntry,
} from "../../daemon/queue/journal-entry.ts";
import { arbitraryEntries } from "./arbitrary-entries.ts";

const fold = (entries: readonly JournalEntry[]): QueueState =>
  entries.reduce(foldEntry, emptyQueue);
const show = (entries: readonly JournalEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

/** Runs that wait and those that are there, as their numbers and kinds of state. */
function check(entries: readonly NewEntry[], waiting: readonly number[], states: string): void {
  const state = fold(entries.map((entry) => ({ ...entry, version: JOURNAL_VERSION, atMs: 7 })));
  expect(state.waiting).toEqual(waiting);
  const shown = [...state.runs].map(([id, { record }]) => `${id} ${record.state.kind}`);
  expect(shown.join(", ")).toBe(states);
}

const submitted = (id: number): NewEntry => ({
  kind: "submitted",
  id,
  plans: [{}],
  file: null,
  key: null,
});
const started = (id: number): NewEntry => ({ kind: "started", id });
const ended = (id: number): NewEntry => ({ kind: "ended", id, end: { kind: "cancelled" } });
const three = [submitted(1), submitted(2), submitted(3)];

describe("the queue", () => {
  it("keeps the order of submitting", () =>
    check(three, [1, 2, 3], "1 queued, 2 queued, 3 queued"));

  it("takes a run that begins out of those that wait", () =>
    check([...three, started(1)], [2, 3], "1 running, 2 queued, 3 queued"));

  it("puts an interrupted run before all others", () =>
    check(
      [...three, started(2), { kind: "interrupted", id: 2, why: "" }],
      [2, 1, 3],
      "1 queued, 2 interrupted, 3 queued",
    ));

  it("ends a run that waits", () =>
    check([...three, ended(2)], [1, 3], "1 queued, 2 cancelled, 3 queued"));

  it("puts a run that is tried again behind all others", () =>
    check(
      [...three, ended(1), { kind: "retried", id: 1 }],
      [2, 3, 1],
      "1 queued, 2 queued, 3 queued",
    ));

  it("moves no run that does not wait", () =>
    check(
      [...three, started(1), { kind: "moved", id: 1, before: null }],
      [2, 3],
      "1 running, 2 queued, 3 queued",
    ));

  it("forgets a removed run and never gives its number again", () => {
    check([submitted(1), ended(1), { kind: "removed", id: 1 }], [], "");
    const entries = [submitted(4), { kind: "removed", id: 4 } as const];
    const state = fold(entries.map((entry) => ({ ...entry, version: JOURNAL_VERSION, atMs: 7 })));
    expect(state.nextId).toBe(5);
  });

  it("knows nothing of a run that was never submitted", () =>
    check([started(1), ended(2)], [], ""));
});

describe("a run that is moved", () => {
  it("waits before another one, or behind all", () => {
    check(
      [...three, { kind: "moved", id: 3, before: 1 }],
      [3, 1, 2],
      "1 queued, 2 queued, 3 queued",
    );
    check(
      [...three, { kind: "moved", id: 1, before: null }],
      [2, 3, 1],
      "1 queued, 2 queued, 3 queued",
    );
  });

  it("is the next one where the one behind it has begun meanwhile", () =>
    check(
      [...three, started(1), { kind: "moved", id: 3, before: 1 }],
      [3, 2],
      "1 running, 2 queued, 3 queued",
    ));

  it("keeps its place where the one behind it was cancelled or removed meanwhile", () => {
    check(
      [...three, ended(2), { kind: "moved", id: 3, before: 2 }],
      [1, 3],
      "1 queued, 2 cancelled, 3 queued",
    );
    check(
      [...three, { kind: "removed", id: 2 }, { kind: "moved", id: 3, before: 2 }],
      [1, 3],
      "1 queued, 3 queued",
    );
  });
});

describe("any journal", () => {
  it("folds to what its shortest form folds to", () => {
    fc.assert(
      fc.property(arbitraryEntries, fc.nat(), (entries, nowMs) => {
        const state = fold(entries);
        const { waiting, runs, nextId, paused } = fold(entriesOf(state, nowMs));
        expect({ waiting, nextId, paused }).toEqual({
          waiting: state.waiting,
          nextId: state.nextId,
          paused: state.paused,
        });
        expect([...runs]).toEqual([...state.runs]);
      }),
    );
  });

  it("has each waiting run once, and each that waits is there", () => {
    fc.assert(
      fc.property(arbitraryEntries, (entries) => {
        const { waiting, runs } = fold(entries);
        const kinds = ["queued", "interrupted"];
        const expected = [...runs.values()].filter(({ record }) =>
          kinds.includes(record.state.kind),
        );
        expect([...waiting].sort()).toEqual(expected.map(({ record }) => record.id).sort());
      }),
    );
  });

  it("that is cut anywhere holds its whole lines and nothing strange", () => {
    fc.assert(
      fc.property(arbitraryEntries, fc.nat(), (entries, at) => {
        const text = Buffer.from(show(entries));
        const cut = text.subarray(0, at % (text.length + 1)).toString();
        const whole = cut.split("\n").length - 1;
        expect(parseJournal(cut)).toEqual({ entries: entries.slice(0, whole), strange: [] });
      }),
    );
  });

  it("that is damaged sets lines aside and keeps all others", () => {
    fc.assert(
      fc.property(arbitraryEntries, fc.string({ minLength: 1 }), (entries, noise) => {
        const line = noise.replaceAll("\n", " ");
        const read = parseJournal(`${show(entries)}${line}\n${show(entries)}`);
        expect(read).toEqual({ entries: [...entries, ...entries], strange: [line] });
      }),
    );
  });
});
