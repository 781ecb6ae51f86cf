// Where the cursor is in half written recipes: ‸ marks it. Paths are written with dots, [] is a list's item.
import { expect, it } from "vitest";
import { findSpot } from "../../extension/server/find-spot.ts";
import { atCursor } from "./recipe-text.ts";

/** `expected` is the kind and the path, then the keys before it; "nothing" where nothing can be proposed. */
function check(marked: string, expected: string): void {
  const { text, offset } = atCursor(marked);
  const spot = findSpot(text, offset);
  const shown =
    spot === undefined
      ? "nothing"
      : `${spot.kind} ${spot.path.join(".")} (${spot.before.join(" ")}) ${text.slice(spot.start, offset)}|`;
  expect(shown).toBe(expected);
}

const cases: readonly (readonly [string, string, string])[] = [
  ["an empty file", "", "entry  () |"],
  ["a word that begins a key", "prompt: a\nsee‸", "entry  (prompt) see|"],
  ["a stray word above", "see\nst‸", "entry  () st|"],
  ["after a key and a space", "tiling: ‸", "value tiling () |"],
  ["a value that is begun", "tiling: a‸\nseed: 1", "value tiling () a|"],
  ["after the colon alone", "tiling:‸", "nothing"],
  ["the line below a key", "tiling:\n  o‸", "entry tiling () o|"],
  ["inside a comment", "# see‸", "nothing"],
  ["a comment behind a value", "seed: 1 # o‸", "nothing"],
  ["a prompt of several lines", "prompt: a lake\n  at d‸", "nothing"],
  ["a literal block", "prompt: |\n  a\n\n  se‸", "nothing"],
  ["below a literal block", "prompt: |\n  seed: a\nse‸", "entry  (prompt) se|"],
  ["inside quotes", 'prompt: "a‸', "nothing"],
  ["quotes of two lines", 'prompt: "a\n  seed: ‸', "nothing"],
  ["below quotes of two lines", 'prompt: "a\n  b"\ns‸', "entry  (prompt) s|"],
  ["an open brace", "init: { ‸", "entry init () |"],
  ["behind a comma in braces", "init: { image: a.png, f‸", "entry init (image) f|"],
  ["a value in braces", "init: { image: a‸", "value init.image () a|".replace("()", "(image)")],
  ["closed braces", "init: { image: a }‸", "nothing"],
  ["below braces of two lines", "init: { image: a,\n  from: 2 }\nt‸", "entry  (init) t|"],
  ["a list of mappings", "stages:\n  - { size: 1, ‸", "entry stages.[] (size) |"],
  ["a list of block mappings", "stages:\n  - size: 1\n    s‸", "entry stages.[] (size) s|"],
  ["a second item", "stages:\n  - size: 1\n  - ‸", "entry stages.[] () |"],
  ["items at their key's indentation", "stages:\n- size: 1\n- s‸", "entry stages.[] () s|"],
  ["below such items", "stages:\n- size: 1\ns‸", "entry  (stages) s|"],
  ["a list in brackets", "prompt: [a, ‸", "entry prompt.[] () |"],
  ["a mapping in a list in brackets", "lora: [{ ‸", "entry lora.[] () |"],
  ["a change", "compare:\n  - { tiling: ‸", "value compare.[].tiling (tiling) |"],
  ["a sweep", "sweep:\n  tiling: [on, o‸", "entry sweep.tiling.[] () o|"],
  ["only keys of the same document", "seed: 1\n---\ns‸", "entry  () s|"],
  ["carriage returns", "seed: 1\r\nstages:\r\n  - s‸", "entry stages.[] () s|"],
];

it.each(cases)("%s is found", (_, marked, expected) => check(marked, expected));
