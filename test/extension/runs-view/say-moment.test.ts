// Moments as readers of several languages say them.
import { expect, it, vi } from "vitest";
import { momentWords } from "../../../extension/runs-view/say-moment.ts";

const check = (at: string, language: string, expected: string): void =>
  expect(
    momentWords({ language, timeZone: "Europe/Berlin" }).say(
      Date.parse(at),
      Date.parse("2026-11-25T20:00:00Z"),
    ),
  ).toBe(expected);

it("of today, it is the time", () => check("2026-11-25T12:03:00Z", "en-GB", "13:03"));
it("of yesterday, it has the day", () => check("2026-11-24T12:03:00Z", "en-GB", "24 Nov, 13:03"));
it("of last year, it has the year", () =>
  check("2025-11-25T12:03:00Z", "en-GB", "25 Nov 2025, 13:03"));
it("the day is the reader's, not the world's", () =>
  check("2026-11-24T23:30:00Z", "en-GB", "0:30"));
it("the words are the reader's", () => check("2026-11-24T12:03:00Z", "de", "24. Nov., 13:03"));

it("saying moments makes no formatters", () => {
  const { say } = momentWords({ language: "en-GB" });
  const made = vi.spyOn(Intl, "DateTimeFormat");
  for (const at of [0, 1e12, Date.now()]) say(at, Date.now());
  expect(made).not.toHaveBeenCalled();
  made.mockRestore();
});
