// The grid of a comparison in a real browser: its cells, their linked zoom, and how two come under the slider.
// Where FRECAS_PAGE_PICTURES names a folder, the page is kept there as it is seen, in every theme.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { encodePng } from "../../daemon/image/write-png.ts";
import type { ShownMember, ShownPicture, ToResults } from "../../extension/panel/messages.ts";
import { browserTests } from "./browser-page.ts";
import type { ThemeName } from "./themes.ts";

const { test, open } = await browserTests();

const size = { width: 400, height: 400 };

/** Rings of one colour. */
async function png(side: number, red: number): Promise<Buffer> {
  const rgb = new Uint8Array(side * side * 3).map((_, index) => {
    const pixel = Math.floor(index / 3);
    const radius = Math.hypot((pixel % side) / side - 0.5, Math.floor(pixel / side) / side - 0.5);
    return Math.round(255 * ([red, Math.cos(20 * radius) ** 2, radius][index % 3] ?? 0));
  });
  return Buffer.from(await encodePng({ width: side, height: side, rgb }, {}));
}

const files = {
  "frecas.png": await png(400, 0.1),
  "direct.png": await png(400, 0.5),
  "scalecrafter.png": await png(400, 0.9),
};
const preview = (await png(40, 0.3)).toString("base64");
const done = ["frecas", "direct", "scalecrafter"];

function picture(method: string): ShownPicture {
  const inside = { runId: null, stages: [], hasMaps: false, lowSize: null };
  const source = `http://page.test/${method}.png?at=1`;
  const facts = { recipe: "dawn", ...size, seed: 1, atMs: 1, seconds: 12 };
  return { path: `/r/${method}.png`, source, ...facts, ...inside };
}

function member(label: string, index: number): ShownMember {
  const isDone = done.includes(label);
  return {
    runId: index + 1,
    label,
    state: isDone ? "done" : "running",
    why: "",
    size,
    steps: [30, 20],
    pictures: isDone ? [`/r/${label}.png`] : [],
    seconds: isDone ? 12 * (index + 1) : null,
    plan: { cost: [1, 2.86, 2.9, 6.07][index] ?? 0, of: "frecas", peakBytes: 3 * 2 ** 30 },
    engineBytes: isDone ? 2 ** 31 : null,
  };
}

const messages: readonly ToResults[] = [
  { kind: "recipe", uri: "file:///r/d.frecas", name: "dawn", file: "d.frecas" },
  { kind: "pictures", pictures: done.map(picture) },
  { kind: "comparison", members: [...done, "demofusion"].map(member) },
  { kind: "preview", preview: { runId: 4, stage: 0, step: 1, png: preview } },
  { kind: "follow", view: "compare", path: null },
];

async function openGrid(theme: ThemeName = "dark") {
  const opened = await open({ name: "results", files, theme });
  for (const message of messages) await opened.say(message);
  const cells = opened.page.locator(".cell .surface");
  await expect.poll(() => opened.page.locator(".cell img:visible").count()).toBe(4);
  /** Where each picture lies in its cell, and how wide it is. */
  const places = () =>
    cells.evaluateAll((all) =>
      all.map((cell) => {
        const outer = cell.getBoundingClientRect();
        const inner = cell.querySelector("img")?.getBoundingClientRect() ?? outer;
        return [inner.left - outer.left, inner.top - outer.top, inner.width].map(Math.round);
      }),
    );
  return { ...opened, cells, places };
}

test("every picture of a comparison has a cell that says what it cost, and a run that goes on its preview", async () => {
  const { cells, page, troubles } = await openGrid();
  expect(await page.locator(".cell figcaption").allInnerTexts()).toEqual([
    "frecas\n12 s\u00a0· 30+20\u00a0steps\nwork\u00a01.00\u00a0×\u00a0frecas\n3.0\u00a0GB\u00a0planned",
    "direct\n24 s\u00a0· 30+20\u00a0steps\nwork\u00a02.86\u00a0×\u00a0frecas\n3.0\u00a0GB\u00a0planned",
    "scalecrafter\n36 s\u00a0· 30+20\u00a0steps\nwork\u00a02.90\u00a0×\u00a0frecas\n3.0\u00a0GB\u00a0planned",
    "demofusion\nPainted now\u00a0· 30+20\u00a0steps\nwork\u00a06.07\u00a0×\u00a0frecas\n3.0\u00a0GB\u00a0planned",
  ]);
  expect(await page.locator(".grid .legend").textContent()).toMatch(
    /^Time: .+ Work: .+ where frecas has 1. GB: .+ as planned.$/,
  );
  expect(await cells.nth(3).locator("img").getAttribute("src")).toContain("data:image/png");
  expect(
    await page
      .getByRole("button", {
        name: /^direct, painted in 24 s, 30\+20 steps, 2.86 × the work of frecas/,
      })
      .count(),
  ).toBe(1);
  expect(troubles).toEqual([]);
});

test("zoom and pan of one cell are those of all", async () => {
  const { page, cells, places } = await openGrid();
  const before = await places();
  const box = await cells.nth(1).boundingBox();
  if (box === null) throw new Error("there is no second cell");
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.wheel(0, -800);
  await expect
    .poll(async () => (await places())[0]?.[2])
    .toBeGreaterThan((before[0]?.[2] ?? 0) * 2);
  const zoomed = await places();
  expect(new Set(zoomed.map(String)).size).toBe(1);
  await page.mouse.down();
  await page.mouse.move(box.x + 10, box.y + 20, { steps: 3 });
  await page.mouse.up();
  await expect.poll(async () => String(await places())).not.toBe(String(zoomed));
  expect(new Set((await places()).map(String)).size).toBe(1);
  // A drag picks nothing.
  expect(await page.locator('.surface[aria-pressed="true"]').count()).toBe(0);
});

test("two pictures that are clicked come under the slider, and the switch leads back", async () => {
  const { page, cells } = await openGrid();
  await cells.nth(3).click({ force: true });
  expect(await page.locator('.surface[aria-pressed="true"]').count()).toBe(0);
  await cells.nth(2).click();
  expect(await page.locator(".grid [role=status]").textContent()).toContain(
    "scalecrafter is picked",
  );
  await cells.nth(0).click();
  expect(await page.getByLabel("Before", { exact: true }).inputValue()).toBe("/r/scalecrafter.png");
  expect(await page.getByLabel("After", { exact: true }).inputValue()).toBe("/r/frecas.png");
  await page.getByRole("button", { name: "Grid" }).click();
  expect(await cells.count()).toBe(4);
});

test("the keyboard picks two pictures, lands on the slider, and switches back", async () => {
  const { page, cells } = await openGrid();
  await page.getByRole("button", { name: "Slider" }).focus();
  await page.keyboard.press("Tab");
  expect(await cells.nth(0).evaluate((cell) => cell === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  const slider = page.getByRole("slider");
  await expect.poll(() => slider.evaluate((one) => one === document.activeElement)).toBe(true);
  await page.getByRole("button", { name: "Grid" }).focus();
  await page.keyboard.press("Enter");
  expect(await page.getByRole("button", { name: "Grid" }).getAttribute("aria-pressed")).toBe(
    "true",
  );
});

test("the focus stays in the grid when a cell gets its picture", async () => {
  const { page, say, cells } = await openGrid();
  const focused = () => page.evaluate(() => document.activeElement?.ariaLabel?.split(",")[0]);
  await cells.nth(3).focus();
  const all = [...done, "demofusion"].map(member);
  await say({ kind: "comparison", members: all.slice(1) });
  expect(await focused()).toBe("demofusion");
  await say({ kind: "pictures", pictures: [...done, "demofusion"].map(picture) });
  const painted = { ...member("demofusion", 3), pictures: ["/r/demofusion.png"] };
  await say({ kind: "comparison", members: [...all.slice(1, 3), painted] });
  expect(await focused()).toBe("demofusion");
});

const folder = process.env["FRECAS_PAGE_PICTURES"];

for (const theme of ["dark", "light", "high-contrast"] as const)
  test(`cells lie within the page in the ${theme} theme`, async () => {
    const { page, cells } = await openGrid(theme);
    const captions = await page
      .locator(".cell figcaption")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
    expect(Math.max(...captions)).toBeLessThan(700);
    const box = await cells.nth(0).boundingBox();
    expect(box?.height).toBeGreaterThan(100);
    // The chosen layout is told apart by more than its words' colour.
    const looks = await page.locator(".compare .tabs button").evaluateAll((all) =>
      all.map((one) => {
        const { backgroundColor, outlineStyle } = getComputedStyle(one);
        return `${backgroundColor} ${outlineStyle}`;
      }),
    );
    expect(new Set(looks).size).toBe(2);
    if (folder === undefined) return;
    await cells.nth(1).click();
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `grid-${theme}.png`) });
  });
