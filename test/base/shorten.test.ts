// Texts that are cut to fit.
import { expect, it } from "vitest";
import { shorten } from "../../daemon/base/shorten.ts";

it.each([
  ["five!", 5, "five!"],
  ["🦉🦉🦉🦉🦉", 5, "🦉🦉🦉🦉🦉"],
  ["🦉🦉🦉🦉🦉🦉", 5, "🦉🦉🦉🦉…"],
  ["the sea at night", 5, "the…"],
  ["🦉".repeat(20), 5, "🦉🦉🦉🦉…"],
  ["", 5, ""],
])("%s in %i letters is %s", (text, most, expected) => {
  expect(shorten(text, most)).toBe(expected);
});
