// The results page in a real browser: what a user sees of messages, and what clicks, keys, drags and drops do.
// Where FRECAS_PAGE_PICTURES names a folder, the page is kept there as it is seen, in every theme.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { encodePng } from "../../daemon/image/write-png.ts";
import type { ShownPicture, ToResults } from "../../extension/panel/messages.ts";
import { browserTests } from "./browser-page.ts";
import { leastContrast, redAt } from "./seen-colours.ts";
import type { ThemeName } from "./themes.ts";

const { test, open } = await browserTests();

/** A picture of one colour's shades, and a file of it. */
function png(width: number, height: number, red: number): Promise<Uint8Array> {
  const rgb = new Uint8Array(width * height * 3).map((_, index) => {
    const pixel = Math.floor(index / 3);
    const value =
      [red, (pixel % width) / width, Math.floor(pixel / width) / height][index % 3] ?? 0;
    return Math.round(255 * value);
  });
  return encodePng({ width, height, rgb }, {});
}

const files = {
  "a.png": Buffer.from(await png(400, 200, 0)),
  "b.png": Buffer.from(await png(400, 200, 1)),
  "square.png": Buffer.from(await png(200, 200, 1)),
};
const small = Buffer.from(await png(40, 20, 0.5)).toString("base64");
const size = { width: 400, height: 200 };

function picture(name: "a.png" | "b.png", seed: number): ShownPicture {
  const source = `http://page.test/${name}?at=1`;
  const runId = name === "b.png" ? 9 : 1;
  const inside = { runId, stages: [], hasMaps: false, lowSize: null };
  return {
    ...inside,
    path: `/r/${name}`,
    source,
    recipe: "dawn",
    ...size,
    seed,
    atMs: seed,
    seconds: 2,
  };
}

const recipe: ToResults = {
  kind: "recipe",
  uri: "file:///r/d.frecas",
  name: "dawn",
  file: "d.frecas",
};
const pictures: ToResults = {
  kind: "pictures",
  pictures: [picture("b.png", 2), picture("a.png", 1)],
};
const place = { stage: 0, step: 1, steps: 4, share: 0.25 };
const running: ToResults = {
  kind: "work",
  work: {
    kind: "running",
    runId: 9,
    size,
    stages: [size, size],
    place,
    secondsLeft: 3,
    isStopping: false,
  },
};

async function openResults(
  messages: readonly ToResults[],
  options: { kept?: object; theme?: ThemeName } = {},
) {
  const opened = await open({ name: "results", files, ...options });
  for (const message of messages) await opened.say(message);
  const layer = opened.page.locator("img.layer:visible").first();
  return {
    ...opened,
    layer,
    /** Natural width and left, top, width on the page. */
    seen: () =>
      layer.evaluate((image: HTMLImageElement) => {
        const { left, top, width } = image.getBoundingClientRect();
        return { pixels: image.naturalWidth, left, top, width };
      }),
  };
}

test("asks for everything, and says what to do where there is no picture", async () => {
  const { page, heard, say, troubles } = await openResults([
    recipe,
    { kind: "pictures", pictures: [] },
  ]);
  expect(await heard()).toEqual([{ kind: "ready" }]);
  await page.getByRole("button", { name: "Generate" }).click();
  await page.keyboard.press("Escape");
  expect((await heard()).slice(1)).toEqual([{ kind: "generate" }, { kind: "leave" }]);
  await say(running);
  expect(await page.getByRole("heading", { level: 2 }).textContent()).toContain("on its way");
  expect(troubles).toEqual([]);
});

test("a preview takes the place of the picture that it becomes, and zoom and pan stay", async () => {
  const { page, say, seen, layer } = await openResults([recipe, running]);
  await say({ kind: "preview", preview: { runId: 9, stage: 0, step: 1, png: small } });
  await layer.waitFor();
  expect((await seen()).pixels).toBe(40);
  await page.keyboard.press("1");
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("+");
  await page.locator(".surface").focus();
  await page.keyboard.press("ArrowLeft");
  const zoomed = await seen();
  expect(zoomed.width).toBeCloseTo(400 * 1.25 ** 4, 3);
  await say(pictures);
  await say({ kind: "work", work: { kind: "idle" } });
  await expect.poll(async () => (await seen()).pixels).toBe(400);
  expect(await seen()).toEqual({ ...zoomed, pixels: 400 });
  expect(await layer.evaluate((image) => getComputedStyle(image).imageRendering)).toBe("pixelated");
  await page.keyboard.press("1");
  expect(await layer.evaluate((image) => getComputedStyle(image).imageRendering)).toBe("auto");
});

test("the wheel zooms where the pointer is, and a drag moves", async () => {
  const { page, seen, layer } = await openResults([recipe, pictures]);
  await layer.waitFor();
  const before = await seen();
  const at = { x: before.left + before.width / 4, y: before.top + 20 };
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, -600);
  await expect.poll(async () => (await seen()).width).toBeGreaterThan(before.width * 1.5);
  const after = await seen();
  expect((at.x - after.left) / after.width).toBeCloseTo(0.25, 3);
  await page.mouse.down();
  await page.mouse.move(at.x + 30, at.y, { steps: 3 });
  await page.mouse.up();
  expect((await seen()).left).toBeCloseTo(Math.min(0, after.left + 30), 3);
});

test("the gallery is a list box that arrow keys move through", async () => {
  const { page, layer } = await openResults([recipe, pictures]);
  const options = page.getByRole("option");
  await expect.poll(() => options.count()).toBe(2);
  expect(await options.nth(0).getAttribute("aria-selected")).toBe("true");
  await options.nth(0).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => layer.getAttribute("src")).toContain("a.png");
  expect(await page.locator(".words").textContent()).toBe(
    "a.png · 400 × 200 · seed 1 · painted in 2.0 s",
  );
  expect(await options.nth(1).evaluate((option) => option === document.activeElement)).toBe(true);
  expect(await options.nth(1).getAttribute("aria-label")).toBe(
    "a.png of dawn, 400 by 200 pixels, seed 1",
  );
});

test("the slider moves the line between two pictures", async () => {
  const { page } = await openResults([recipe, pictures]);
  await page.getByRole("tab", { name: "Compare" }).click();
  const slider = page.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("Home");
  const surface = page.locator(".surface:visible");
  const box = await surface.boundingBox();
  if (box === null) throw new Error("there is no surface");
  /** Left of the page's middle: 255 in b.png, which is newer and lies on the right. */
  const redLeft = () => redAt(page, box.x + box.width / 2 - 60, box.y + box.height / 2 - 60);
  await expect.poll(redLeft).toBe(255);
  await page.keyboard.press("End");
  await expect.poll(redLeft).toBe(0);
  await page.locator(".line").hover();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 40, { steps: 2 });
  await page.mouse.up();
  expect(Number(await slider.inputValue())).toBeCloseTo(500, -1);
});

test("one choice of a comparison that is changed leaves the other to what is newest", async () => {
  const preview = { runId: 9, stage: 0, step: 1, png: small };
  const { page, say } = await openResults([recipe, running, { kind: "preview", preview }]);
  await say({ kind: "pictures", pictures: [picture("a.png", 1)] });
  await page.getByRole("tab", { name: "Compare" }).click();
  const after = page.getByLabel("After", { exact: true });
  expect(await after.inputValue()).toBe("stage 1");
  await page.getByLabel("Before", { exact: true }).selectOption("a.png · seed 1");
  await say(pictures);
  await say({ kind: "work", work: { kind: "idle" } });
  expect(await page.getByLabel("Before", { exact: true }).inputValue()).toBe("/r/a.png");
  expect(await after.inputValue()).toBe("/r/b.png");
});

test("a picture of other proportions keeps them under the slider", async () => {
  const source = "http://page.test/square.png?at=1";
  const square = { ...picture("a.png", 1), source, width: 200, height: 200 };
  const { page } = await openResults([
    recipe,
    { kind: "pictures", pictures: [picture("b.png", 2), square] },
  ]);
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByRole("slider").focus();
  await page.keyboard.press("End");
  const after = page.getByAltText("After: b.png");
  await after.waitFor();
  await page.getByAltText("Before: a.png").waitFor();
  const box = await after.boundingBox();
  if (box === null) throw new Error("there is no picture");
  const redOf = (share: number) => redAt(page, box.x + share * box.width, box.y + box.height / 2);
  // The square takes the middle half, and nothing lies beside it.
  await expect.poll(() => redOf(0.3)).toBe(255);
  expect(await redOf(0.7)).toBe(255);
  expect(await redOf(0.2)).toBe(0x1f);
  expect(await redOf(0.8)).toBe(0x1f);
});

test("while a run is painted, the gallery says what is compared with", async () => {
  const preview = { runId: 9, stage: 0, step: 1, png: small };
  const { page, say } = await openResults([
    recipe,
    pictures,
    running,
    { kind: "preview", preview },
  ]);
  await page.getByRole("tab", { name: "Compare" }).click();
  const options = page.getByRole("option").and(page.locator(".tile"));
  const chosen = () => options.evaluateAll((all) => all.map((one) => one.ariaSelected));
  const ways = () => options.evaluateAll((all) => all.map((one) => (one as HTMLElement).tabIndex));
  expect(await chosen()).toEqual(["true", "false", "false"]);
  await options.nth(2).click();
  expect(await chosen()).toEqual(["false", "false", "true"]);
  expect(await ways()).toEqual([-1, -1, 0]);
  await page.getByLabel("After", { exact: true }).selectOption("Stage 1");
  await say({ kind: "work", work: { kind: "idle" } });
  expect(await chosen()).toEqual(["false", "false"]);
  expect(await ways()).toEqual([0, -1]);
});

test("the focus stays in the gallery while pictures come and go", async () => {
  const { page, say } = await openResults([recipe, pictures]);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-key"));
  await page.getByRole("option").nth(1).click();
  await say(running);
  expect(await focused()).toBe("/r/a.png");
  await say({ kind: "pictures", pictures: [picture("a.png", 3), picture("b.png", 2)] });
  expect(await focused()).toBe("/r/a.png");
  await page.keyboard.press("Home");
  expect(await focused()).toBe("");
  await say({ kind: "work", work: { kind: "idle" } });
  expect(await focused()).toBe("/r/a.png");
});

test("a screen reader is told of all pictures of a run at once", async () => {
  const { page, say } = await openResults([recipe, running, pictures]);
  const spoken = () => page.locator(".work [role=status]").textContent();
  await say({ kind: "work", work: { kind: "idle" } });
  expect(await spoken()).toBe("");
  const second = { ...picture("b.png", 3), path: "/r/c.png" };
  await say({ kind: "pictures", pictures: [second, picture("b.png", 2)] });
  expect(await spoken()).toMatch(/^2 pictures are painted: c.png of dawn/);
});

test("a screen reader is told once a run's picture is there", async () => {
  const { page, say } = await openResults([recipe, running]);
  const spoken = () => page.locator(".work [role=status]").textContent();
  expect(await spoken()).toBe("Stage 1 of 2, 25 percent done");
  await say({ kind: "work", work: { kind: "idle" } });
  await say({ kind: "pictures", pictures: [picture("a.png", 1)] });
  expect(await spoken()).toBe("");
  await say(pictures);
  expect(await spoken()).toBe("The picture is painted: b.png of dawn, 400 by 200 pixels, seed 2.");
});

test("where the daemon ends, the last preview stays and the run is gone on with", async () => {
  const { page, heard, say, layer } = await openResults([recipe, running]);
  await say({ kind: "preview", preview: { runId: 9, stage: 0, step: 1, png: small } });
  await layer.waitFor();
  await say({ kind: "work", work: { kind: "lost", runId: 9, size } });
  await expect.poll(() => page.locator(".work .words").textContent()).toBe("The daemon has ended");
  expect(await page.getByRole("button", { name: "Stop" }).isVisible()).toBe(false);
  expect(await page.getByRole("progressbar").isVisible()).toBe(false);
  expect(await layer.isVisible()).toBe(true);
  await page.getByRole("button", { name: "Go on" }).click();
  expect((await heard()).slice(1)).toEqual([{ kind: "goOn" }]);
});

test("buttons ask for what they say, about the picture that is shown", async () => {
  const { page, heard, say } = await openResults([recipe, pictures]);
  for (const name of ["Open the recipe that made it", "Save as…", "Reveal the file"])
    await page.getByRole("button", { name }).click();
  await say({ kind: "work", work: { kind: "failed", runId: 4, message: "engine: …" } });
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("button", { name: "Log" }).click();
  await say(running);
  await page.getByRole("button", { name: "Stop" }).click();
  expect((await heard()).slice(1)).toEqual([
    { kind: "openRecipe", path: "/r/b.png" },
    { kind: "saveAs", path: "/r/b.png" },
    { kind: "reveal", path: "/r/b.png" },
    { kind: "retry", runId: 4 },
    { kind: "openLog" },
    { kind: "stop", runId: 9 },
  ]);
  const meter = page.getByRole("progressbar");
  expect(await meter.getAttribute("aria-valuenow")).toBe("25");
  const widthOf = async (place: string) => (await page.locator(place).boundingBox())?.width ?? 0;
  await expect.poll(async () => (await widthOf(".bar")) / (await widthOf(".meter"))).toBe(0.25);
});

test("a file that is dropped goes to the editor as bytes, and an address as it is", async () => {
  const { page, heard } = await openResults([recipe, pictures]);
  const drop = (kind: "file" | "uri") =>
    page.evaluate((what) => {
      const dataTransfer = new DataTransfer();
      if (what === "file") dataTransfer.items.add(new File([new Uint8Array([137, 80])], "x.png"));
      else dataTransfer.setData("text/uri-list", "# one\r\nfile:///r/y.png\r\n");
      const options = { dataTransfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent("dragenter", options));
      document.body.dispatchEvent(new DragEvent("drop", options));
    }, kind);
  await drop("file");
  await drop("uri");
  await expect.poll(async () => (await heard()).length).toBe(3);
  expect(await heard()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "dropped", name: "x.png" }),
      { kind: "droppedUri", uri: "file:///r/y.png" },
    ]),
  );
});

test("a file that is too large for the editor is refused in the page", async () => {
  const { page } = await openResults([recipe, pictures]);
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    const part = new Uint8Array(2 ** 20);
    dataTransfer.items.add(new File(Array<Uint8Array>(257).fill(part) as BlobPart[], "x.png"));
    const options = { dataTransfer, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent("drop", options));
  });
  await page.getByText("x.png is too large to be looked into.").waitFor();
});

test("the next window begins with what was chosen", async () => {
  const first = await openResults([recipe, pictures]);
  await first.page.getByRole("option").nth(1).click();
  await first.page.keyboard.press("1");
  const kept: object = await first.page.evaluate(
    () => (globalThis as unknown as { kept: object }).kept,
  );
  expect(kept).toMatchObject({ target: { uri: "file:///r/d.frecas", name: "dawn" } });
  const next = await openResults([recipe, pictures], { kept });
  await expect.poll(() => next.layer.getAttribute("src")).toContain("a.png");
  expect((await next.seen()).width).toBe(400);
});

const folder = process.env["FRECAS_PAGE_PICTURES"];

for (const theme of ["dark", "light", "high-contrast"] as const)
  test(`every control has a name in the ${theme} theme, and words stand out from what is behind them`, async () => {
    const { page, troubles, layer } = await openResults([recipe, pictures, running], { theme });
    await layer.waitFor();
    const nameless = await page
      .locator("button, select, input, [role=option], [role=tab]")
      .evaluateAll((all) => all.filter((one) => !one.ariaLabel && !one.textContent?.trim()).length);
    expect(nameless).toBe(0);
    const contrast = await page
      .locator(".words, h1, .caption div, [role=tab]")
      .evaluateAll(leastContrast);
    expect(contrast).toBeGreaterThan(4.5);
    expect(troubles).toEqual([]);
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `results-${theme}.png`) });
  });
