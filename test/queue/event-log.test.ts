// A log that forgets: those who are too far behind are told so, and all others miss nothing.
import { expect, it } from "vitest";
import { eventLog } from "../../daemon/queue/event-log.ts";

const event = { kind: "removed", id: 1 } as const;

function check(told: number, place: number, expected: number | null | undefined): void {
  const log = eventLog("now", 10);
  for (let number = 1; number <= told; number += 1) log.add(event);
  const next = log.next({ epoch: "now", number: place });
  expect(next === null ? null : next?.number).toBe(expected);
}

it("tells the event after any place that it remembers", () => {
  check(1, 0, 1);
  check(15, 5, 6);
  check(25, 15, 16);
  check(1000, 999, 1000);
});

it("has nothing after the last one", () => {
  check(0, 0, null);
  check(1000, 1000, null);
});

it("does not know what it has forgotten", () => {
  check(1000, 0, undefined);
  check(1000, 979, undefined);
});

it("does not know what is still to come", () => check(3, 4, undefined));

it("remembers as many as it was told to, at least", () => check(1000, 990, 991));
