// Moments as readers of several languages say them.
import { expect, it } from "vitest";
import { sayMoment } from "../../../extension/runs-view/say-moment.ts";

const check = (at: string, language: string, expected: string): void =>
  expect(
    sayMoment(Date.parse(at), {
      nowMs: Date.parse("2026-11-25T20:00:00Z"),
      language,
      timeZone: "Europe/Berlin",
    }),
  ).toBe(expected);

it("of today, it is the time", () => check("2026-11-25T12:03:00Z", "en-GB", "13:03"));
it("of yesterday, it has the day", () => check("2026-11-24T12:03:00Z", "en-GB", "24 Nov, 13:03"));
it("of last year, it has the year", () =>
  check("2025-11-25T12:03:00Z", "en-GB", "25 Nov 2025, 13:03"));
it("the day is the reader's, not the world's", () =>
  check("2026-11-24T23:30:00Z", "en-GB", "0:30"));
it("the words are the reader's", () => check("2026-11-24T12:03:00Z", "de", "24. Nov., 13:03"));
