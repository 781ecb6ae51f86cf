// The sentences of the results page.
import { expect, it } from "vitest";
import type { ShownWork } from "../../extension/panel/messages.ts";
import { recipeLenses } from "../../extension/runs/recipe-lenses.ts";
import {
  captionOf,
  paintedWords,
  spokenWords,
  workWords,
} from "../../extension/webview/results/words.ts";
import {
  running as atStep,
  file,
  someFeed,
  somePlan,
  someRun,
} from "../extension/runs/some-runs.ts";

const size = { width: 512, height: 256 };
const running = {
  kind: "running",
  runId: 1,
  size,
  stages: [size, size, size],
  place: { stage: 1, step: 3, steps: 10, share: 0.55 },
  secondsLeft: 12.4,
  isStopping: false,
} as const satisfies ShownWork;

it.each<[string, ShownWork]>([
  ["Stage 2 of 3 · step 4 of 10 · 12 s left", running],
  ["Stage 2 of 3 · step 4 of 10 · 1 s left", { ...running, secondsLeft: 0.2 }],
  ["Stage 2 of 3 · step 4 of 10 · 2 min left", { ...running, secondsLeft: 110 }],
  ["Stage 2 of 3 · step 4 of 10 · 1 h 20 min left", { ...running, secondsLeft: 4800 }],
  ["Stage 2 of 3 · step 4 of 10", { ...running, secondsLeft: null }],
  ["Opening the model", { ...running, place: null }],
  ["Stopping after the present step", { ...running, isStopping: true }],
  ["Waiting: its turn is next.", { kind: "waiting", runId: 1, before: 0, isPaused: false }],
  ["Waiting: 1 run comes first.", { kind: "waiting", runId: 1, before: 1, isPaused: false }],
  ["Waiting: 2 runs come first.", { kind: "waiting", runId: 1, before: 2, isPaused: false }],
  ["Waiting: the queue is paused.", { kind: "waiting", runId: 1, before: 2, isPaused: true }],
  ["", { kind: "idle" }],
])("%s", (words, work) => expect(workWords(work)).toBe(words));

it("an end of the daemon is told in the lens's words", () => {
  const titles = recipeLenses({
    recipes: [somePlan("dawn")],
    uri: "",
    file,
    feed: someFeed([someRun(1, atStep(0, 1))], { link: "lost" }),
    pace: () => undefined,
    isTrusted: true,
    nowMs: 0,
  }).map(({ title }) => title);
  expect(titles).toContain(`${workWords({ kind: "lost", runId: 1, size })} · ▶ Go on`);
});

it("tells a screen reader quarters, not steps", () => {
  const words = "Stage 2 of 3, 50 percent done";
  expect(spokenWords(running)).toBe(words);
  const next = { ...running.place, step: 4, share: 0.6 };
  expect(spokenWords({ ...running, place: next, secondsLeft: 11 })).toBe(words);
});

const atMs = new Date(2026, 5, 3, 14, 5).getTime();
const picture = {
  path: "/a.png",
  source: "",
  recipe: "dawn",
  runId: 1,
  ...size,
  stages: [],
  hasMaps: false,
  lowSize: null,
  seed: 7,
  atMs,
  seconds: 7.04,
};

it("tells a screen reader what was painted", () => {
  const facts = "a.png of dawn, 512 by 256 pixels, seed 7.";
  expect(paintedWords([])).toBe("");
  expect(paintedWords([picture])).toBe(`The picture is painted: ${facts}`);
  expect(paintedWords([picture, picture])).toBe(`2 pictures are painted: ${facts}`);
});

it("writes seed, size, moment and time below a picture", () => {
  const [seed, pixels, moment] = captionOf(picture, atMs + 1000);
  expect([seed, pixels]).toEqual(["Seed 7", "512 × 256"]);
  expect(moment).toMatch(/05.* · 7\.0 s$/);
});

it("leaves out what is not known, and writes the day of an older picture", () => {
  const lines = captionOf({ ...picture, seed: null, seconds: null }, atMs + 400 * 86_400_000);
  expect(lines).toEqual(["512 × 256", expect.stringContaining("2026")]);
});
