// What hover says at the cursor, ‸.
import { expect, it } from "vitest";
import { hover, pointAt } from "../../extension/server/hover.ts";
import { atCursor, recipeOf } from "./recipe-text.ts";

/** The text of the hover, and the letters that it is about; undefined where there is none. */
function hoverAt(marked: string, here = {}) {
  const { text, offset } = atCursor(marked);
  const pointed = pointAt(recipeOf(text), offset);
  const shown = pointed && hover(pointed, here);
  if (pointed === undefined || shown === undefined) return undefined;
  const { range } = pointed;
  return { about: text.slice(range.start.offset, range.end.offset), ...shown };
}

function check(marked: string, about: string | undefined, says: readonly string[] = []): void {
  const shown = hoverAt(marked);
  expect(shown?.about).toBe(about);
  for (const words of says) expect(JSON.stringify(shown?.contents)).toContain(words);
}

it("a key says what it does, its unit, range, default, flag and part of the method", () =>
  check("prompt: a\ngam‸ma: 2", "gamma", [
    "How much noise the next stage starts from",
    "number > 0",
    "Default: the model's preset",
    "Published flag: `--msp_gamma`",
    "method §2",
  ]));

it("a value says what its key does", () =>
  check("size: 10‸24x512", "1024x512", ["multiples of 8", "N | WxH, in pixels"]));

it("keys inside values are told of", () => {
  check("stages:\n  - { size: 8, st‸eps: 3 }", "steps", ["**steps** of stages", "1 to 1000"]);
  check("init: { image: a.p‸ng }", "a.png", ["**image** of init"]);
  check("frequency_guidance:\n  lo‸w: 3", "low", ["**low** of frequency_guidance"]);
});

it("keys inside changes and sweeps are told of", () => {
  check("compare:\n  - { til‸ing: on }", "tiling", ["**tiling**"]);
  check("sweep: { se‸ed: [1] }", "seed", ["**seed**"]);
  check("sweep: { seed: [1, ‸22] }", "22", ["**seed**"]);
});

it("recipes with a mistake elsewhere are told of all the same", () =>
  check("gam‸ma: 2\nprompt: a: b\n", "gamma", ["**gamma**"]));

it("unknown keys, comments and blank places say nothing", () => {
  for (const text of [
    "see‸d2: 1",
    "seed: 1 # o‸n",
    "‸",
    "stages: [{ siz‸: 3 }]",
    "size: { size‸: 1 }",
  ])
    check(text, undefined);
});

it("the value that the plan gives stands before the default", () =>
  expect(hoverAt("gam‸ma: 2", { here: "3", usual: "2", model: "vista" })?.contents).toEqual({
    kind: "markdown",
    value: expect.stringMatching(
      /- Here: `3`\n- Default for `vista`: `2`\n- Default: the model's preset/,
    ),
  }));

it("a recipe's own words stay words, whatever is in them", () => {
  const here = "a `b`\n\n![c](https://example.com/c.png)";
  expect(JSON.stringify(hoverAt("nega‸tive: x", { here })?.contents)).toContain(
    "- Here: `` a `b` ![c](https://example.com/c.png) ``",
  );
});
