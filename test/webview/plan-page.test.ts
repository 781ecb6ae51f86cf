// The plan's page in a real browser: plans as the editor sends them, which is as JSON.
import { expect } from "vitest";
import { describePlan } from "../../extension/plan-view/describe-plan.ts";
import type { PlanFigure, PlanViewState } from "../../extension/plan-view/plan-messages.ts";
import { planOf, sd3, vista } from "../plan/plan-inputs.ts";
import { browserTests } from "./browser-page.ts";

const { test, open } = await browserTests();

const figureOf = (name: string, model: typeof sd3): PlanFigure =>
  describePlan({
    kind: "planned",
    name,
    fromLine: 0,
    line: 0,
    plan: { ...planOf({}, model), name },
    seconds: null,
    availableBytes: 2 ** 40,
    warnings: [],
    compares: [],
  });

const shown = (...figures: readonly PlanFigure[]): PlanViewState => ({
  kind: "shown",
  figures,
  stale: null,
});

async function openPlan() {
  const opened = await open({ name: "plan" });
  const { page } = opened;
  return {
    ...opened,
    say: (state: PlanViewState) => opened.say(JSON.parse(JSON.stringify(state))),
    heading: () => page.getByRole("heading", { level: 1 }).textContent(),
    firstTitle: () => page.locator("circle.dot title").first().textContent(),
  };
}

const dawn = figureOf("dawn", vista);
const flow = figureOf("flow", sd3);

test("plans of every kind of noise are drawn, one after the other", async () => {
  const { page, say, heading, firstTitle, troubles } = await openPlan();
  for (const [figure, words] of [
    [dawn, /^step 1: timestep 999, log-SNR −\d\.\d\d$/],
    [flow, /^step 1: timestep 999, log-SNR −∞$/],
    [dawn, /^step 1: timestep 999, log-SNR −\d\.\d\d$/],
  ] as const) {
    await say(shown(figure));
    expect(await heading()).toBe(figure.name);
    expect(await firstTitle()).toMatch(words);
    for (const path of await page.locator("svg path").all())
      expect(await path.getAttribute("d")).not.toMatch(/NaN|Infinity/);
  }
  expect(troubles).toEqual([]);
});

test("the table of steps says where there is noise alone", async () => {
  const { page, say } = await openPlan();
  await say(shown(flow));
  await page.getByText("Every step as a table").click();
  const first = page.getByRole("region", { name: "Every step" }).locator("tbody tr").first();
  expect(await first.locator("th, td").allTextContents()).toEqual([
    "1",
    "1",
    "999",
    "1.0000",
    "−∞",
  ]);
});

test("the focus stays in what scrolls and in what chooses, while plans are drawn anew", async () => {
  const { page, say, heading } = await openPlan();
  await say(shown(dawn, flow));
  const focused = () => page.evaluate(() => document.activeElement?.ariaLabel);
  const choice = page.getByLabel("Recipe of the sweep");
  await choice.focus();
  await page.keyboard.press("ArrowDown");
  expect([await heading(), await focused()]).toEqual(["flow", "Recipe of the sweep"]);
  await page.keyboard.press("ArrowUp");
  expect([await heading(), await focused()]).toEqual(["dawn", "Recipe of the sweep"]);
  for (const name of ["Stages", "Work by part"]) {
    await page.getByRole("region", { name }).focus();
    await say(shown({ ...dawn, subtitle: name }, flow));
    expect(await focused()).toBe(name);
  }
});

test("however many stages there are, each has a colour", async () => {
  const { page, say } = await openPlan();
  const many = <Item>(items: readonly Item[]): Item[] =>
    Array.from({ length: 8 }, () => items[0] as Item);
  const [part] = dawn.work.parts.filter(({ kind }) => kind === "denoiser");
  if (part === undefined) throw new Error("there is no work of a stage");
  await say(
    shown({
      ...dawn,
      stages: many(dawn.stages),
      noise: { ...dawn.noise, stages: many(dawn.noise.stages), jumps: [] },
      work: { ...dawn.work, parts: many([part]).map((one, stage) => ({ ...one, stage })) },
    }),
  );
  for (const place of [".stage", ".band", "figure g:has(> .part):not([class*=memory])"]) {
    const tones = await page
      .locator(place)
      .evaluateAll((all) =>
        all.map((one) => /tone-\d+/.exec(one.getAttribute("class") ?? "")?.[0]),
      );
    expect(tones).toEqual([0, 1, 2, 3, 4, 5, 0, 1].map((tone) => `tone-${tone}`));
  }
});

test("a plan that cannot be drawn takes the one before away, and the next one is drawn", async () => {
  const { page, say, heading } = await openPlan();
  await say(shown(dawn));
  await say(shown({ ...flow, stages: [], noise: {} as PlanFigure["noise"] }));
  await page.getByText("This plan cannot be drawn.").waitFor();
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(0);
  await say(shown(dawn));
  expect(await heading()).toBe("dawn");
});
