// Journals as fast-check draws them: any entries in any order, about few enough runs that they meet.
import fc from "fast-check";
import { JOURNAL_VERSION, type JournalEntry } from "../../daemon/queue/journal-entry.ts";

const id = fc.integer({ min: 1, max: 6 });
const atMs = fc.integer({ min: 0, max: 2 ** 41 });
const text = fc.string({ unit: "binary" });
const stamp = { version: fc.constant(JOURNAL_VERSION), atMs };
const about = <Kind extends string>(kind: Kind) => ({ kind: fc.constant(kind), ...stamp, id });

const plan = fc.record({
  name: text,
  model: fc.record({ name: text }),
  stages: fc.array(
    fc.record({
      size: fc.record({ width: fc.nat(), height: fc.nat() }),
      steps: fc.array(fc.constant(0), { maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
});

const end = fc.oneof(
  fc.record({ kind: fc.constant("done" as const), seconds: fc.nat(), peakBytes: fc.nat() }),
  fc.record({
    kind: fc.constant("failed" as const),
    code: fc.constant("output.failed" as const),
    message: text,
  }),
  fc.record({ kind: fc.constant("cancelled" as const) }),
);

const entry: fc.Arbitrary<JournalEntry> = fc.oneof(
  fc.record({
    ...about("submitted"),
    plans: fc.array(plan, { maxLength: 3 }),
    file: fc.option(text),
    key: fc.option(text),
  }),
  fc.record(about("started")),
  fc.record({ ...about("painted"), prompt: fc.nat(2), image: fc.nat(2), path: text }),
  fc.record({
    ...about("stage-kept"),
    prompt: fc.nat(2),
    stage: fc.nat(2),
    pictures: fc.array(text, { maxLength: 2 }),
    maps: fc.option(text),
  }),
  fc.record(about("stages-dropped")),
  fc.record({ ...about("interrupted"), why: text }),
  fc.record(about("stopping")),
  fc.record({ ...about("ended"), end }),
  fc.record(about("retried")),
  fc.record(about("removed")),
  fc.record({ ...about("moved"), before: fc.option(id) }),
  fc.record({ kind: fc.constant("paused" as const), ...stamp, paused: fc.boolean() }),
  fc.record({ kind: fc.constant("numbered" as const), ...stamp, next: id }),
);

export const arbitraryEntries: fc.Arbitrary<JournalEntry[]> = fc.array(entry, { maxLength: 60 });
