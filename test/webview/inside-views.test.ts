// The views of what is inside a picture, in a real browser under the page's own policy.
import { afterAll, describe, expect } from "vitest";
import { encodePng } from "../../daemon/image/write-png.ts";
import type { ShownMaps, ShownPicture } from "../../extension/panel/messages.ts";
import { browserTests } from "./browser-page.ts";

const { test, open } = await browserTests();
type EditorPage = Awaited<ReturnType<typeof open>>;

/** Stripes on a slope, so that both bands hold something. */
async function somePicture(side: number): Promise<Buffer> {
  const rgb = Uint8Array.from({ length: side * side * 3 }, (_, value) => {
    const pixel = Math.floor(value / 3);
    return (pixel % side) + (Math.floor(pixel / side) % 2) * 60;
  });
  return Buffer.from(await encodePng({ width: side, height: side, rgb }, {}));
}

const url = (name: string): string => `http://page.test/${name}.png`;

const picture: ShownPicture = {
  path: "/w/results/dawn/00000.00.png",
  source: url("large"),
  recipe: "dawn",
  runId: 1,
  width: 96,
  height: 96,
  seed: 7,
  atMs: 1795599715408,
  seconds: 2,
  stages: [{ stage: 0, source: url("small"), width: 48, height: 48 }],
  hasMaps: true,
  lowSize: { width: 48, height: 48 },
};

const maps: ShownMaps = {
  prompt: "a red moon",
  words: [
    { start: 2, end: 5 },
    { start: 6, end: 10 },
  ],
  grid: { width: 2, height: 1 },
  values: Float32Array.of(0.5, 0.25, 0.125, 0.75),
};

const opened: EditorPage[] = [];
afterAll(() => {
  for (const { troubles } of opened) expect(troubles).toEqual([]);
});

async function openView(view: string, shown: ShownPicture = picture): Promise<EditorPage> {
  const editor = await openPictures(shown);
  await editor.page.getByRole("tab", { name: view }).click();
  return editor;
}

async function openPictures(shown: ShownPicture): Promise<EditorPage> {
  const files = { "large.png": await somePicture(96), "small.png": await somePicture(48) };
  const editor = await open({ name: "results", files });
  opened.push(editor);
  await editor.say({ kind: "recipe", uri: "file:///w/a.frecas", name: "dawn", file: "a.frecas" });
  await editor.say({ kind: "pictures", pictures: [shown] });
  return editor;
}

/** Lets the worker's first canvas be one without a context, as where memory is short. Runs in the page. */
function breakFirstCanvas(): void {
  const make = URL.createObjectURL;
  const first =
    "const { getContext } = OffscreenCanvas.prototype;" +
    "OffscreenCanvas.prototype.getContext = function () {" +
    "  OffscreenCanvas.prototype.getContext = getContext; return null; };";
  URL.createObjectURL = (script) => make(new Blob([first, script as Blob]));
}

const side = (editor: EditorPage, band: string): Promise<number> =>
  editor.page.locator(`canvas.${band}`).evaluate((canvas) => (canvas as HTMLCanvasElement).width);

describe("the frequency view", () => {
  test("parts a picture where guidance does, and anywhere else", async () => {
    const editor = await openView("Frequency");
    const caption = editor.page.locator("figcaption").first();
    await expect.poll(() => caption.textContent()).toBe("Low band: what survives at 48 × 48");
    expect([await side(editor, "low"), await side(editor, "high")]).toEqual([96, 96]);
    await editor.page.getByLabel("Low band up to").fill("25");
    await expect.poll(() => caption.textContent()).toBe("Low band: what survives at 24 × 24");
    await editor.page.getByRole("button", { name: "Where guidance parts them" }).click();
    await expect.poll(() => caption.textContent()).toBe("Low band: what survives at 48 × 48");
  });

  test("says so where a picture cannot be measured, and goes on with the next question", async () => {
    const editor = await openPictures(picture);
    await editor.page.evaluate(breakFirstCanvas);
    await editor.page.getByRole("tab", { name: "Frequency" }).click();
    const caption = editor.page.locator("figcaption").first();
    await expect
      .poll(() => caption.textContent())
      .toBe("The bands of this picture could not be computed here.");
    expect(await editor.page.locator(".bands canvas:visible").count()).toBe(0);
    const legend = editor.page.locator(".legend li");
    await expect
      .poll(() => legend.allTextContents())
      .toEqual([
        expect.stringMatching(/^Stage 1, slope /),
        "00000.00.png: its spectrum could not be computed here",
      ]);
    await editor.page.getByLabel("Low band up to").fill("25");
    await expect.poll(() => caption.textContent()).toBe("Low band: what survives at 24 × 24");
    expect(await editor.page.locator(".bands canvas:visible").count()).toBe(2);
  });

  test("draws the picture's spectrum and that of the stage before", async () => {
    const editor = await openView("Frequency");
    const legend = editor.page.locator(".legend li");
    await expect.poll(() => legend.count()).toBe(2);
    expect(await legend.allTextContents()).toEqual([
      expect.stringMatching(/^00000\.00\.png, slope /),
      expect.stringMatching(/^Stage 1, slope /),
    ]);
    const points = await editor.page
      .locator("polyline")
      .evaluateAll((lines) => lines.map((line) => line.getAttribute("points")?.split(" ").length));
    expect(points).toEqual([48, 24]);
  });
});

describe("the attention view", () => {
  test("asks for maps once, and lays that of a chosen word over the picture", async () => {
    const editor = await openView("Attention");
    await editor.say({ kind: "pictures", pictures: [picture] });
    const asked = (await editor.heard()).filter(
      (said) => (said as { kind: string }).kind === "maps",
    );
    expect(asked).toEqual([{ kind: "maps", path: picture.path }]);
    await editor.say({ kind: "maps", path: picture.path, maps });
    const heat = editor.page.locator("canvas.heat");
    expect(await heat.isVisible()).toBe(false);
    const moon = editor.page.getByRole("button", { name: "moon", exact: true });
    await moon.focus();
    await editor.page.keyboard.press("Enter");
    expect(await moon.getAttribute("aria-pressed")).toBe("true");
    expect(await heat.isVisible()).toBe(true);
    expect(await editor.page.getByRole("status").last().textContent()).toContain(
      "“moon” has 12.5 % of the attention where it has least, 75.0 % where it has most.",
    );
    const red = editor.page.getByRole("button", { name: "red", exact: true });
    await red.click();
    expect(await moon.getAttribute("aria-pressed")).toBe("false");
    await red.click();
    expect(await heat.isVisible()).toBe(false);
  });

  test("asks again of a picture that is painted over the one before", async () => {
    const editor = await openView("Attention");
    await editor.say({ kind: "maps", path: picture.path, maps });
    await editor.say({ kind: "pictures", pictures: [{ ...picture, source: url("small") }] });
    const asked = async () =>
      (await editor.heard()).filter((said) => (said as { kind: string }).kind === "maps").length;
    await expect.poll(asked).toBe(2);
    await editor.say({ kind: "pictures", pictures: [{ ...picture, hasMaps: false }] });
    await expect
      .poll(() => editor.page.locator(".told").textContent())
      .toMatch(/^No attention maps are kept/);
  });

  test("says why there are no maps", async () => {
    const editor = await openView("Attention", { ...picture, hasMaps: false });
    const why = editor.page.locator(".told");
    expect(await why.textContent()).toMatch(/^No attention maps are kept/);
    expect(await editor.page.getByRole("button", { name: "moon" }).count()).toBe(0);
  });
});

describe("the comparison", () => {
  test("offers the stages of a picture", async () => {
    const editor = await openView("Compare");
    const before = editor.page.getByLabel("Before", { exact: true });
    expect(await before.locator("option").allTextContents()).toContain("Stage 1");
    expect(await before.inputValue()).toBe("stage 1");
  });
});
