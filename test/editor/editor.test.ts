// The package in a real editor, driven with a real browser as a user would: from the first recipe to the picture. Each
// step goes on where the one before it ended.
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { decodePng } from "../../daemon/image/read-png.ts";
import { askCompanion } from "./companion-client.ts";
import {
  closeEditor,
  goToEnd,
  lens,
  line,
  openFile,
  reloadWindow,
  runCommand,
  takeFix,
  webview,
} from "./editor-page.ts";
import { type EditorSession, keepPicture, openEditorSession } from "./editor-session.ts";
import { ownProcesses } from "./marked-processes.ts";
import { dragWithShift, dropFile, picture, previewsChange, sizeOf } from "./results-panel.ts";

const step = await openEditorSession();

step("nothing of the extension runs before a recipe is opened", async ({ server }) => {
  await expect.poll(() => askCompanion(server.companion, "active").catch(String)).toBe(false);
  expect(ownProcesses(server.mark)).toEqual([]);
});

step("a recipe has colours, and opening it starts the language server alone", async (session) => {
  const { server, editor } = session;
  await openFile(editor.page, "dawn.frecas");
  const words = editor.page.locator(".editor-instance .view-line span span");
  // One class a colour.
  const colours = () =>
    words.evaluateAll((spans) => new Set(spans.map(({ className }) => className)).size);
  await expect.poll(colours).toBeGreaterThan(3);
  await expect
    .poll(() => ownProcesses(server.mark))
    .toEqual([expect.stringContaining("/dist/language-server.js")]);
  expect(await askCompanion(server.companion, "active")).toBe(true);
});

step("the extension is active in a moment", async ({ editor: { page } }) => {
  await runCommand(page, "Developer: Show Running Extensions");
  const rows = page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "FreCaS" });
  const text = await rows.filter({ hasNotText: "companion" }).textContent();
  const ms = Number(/Activation: (\d+)ms/.exec(text ?? "")?.[1]);
  const [load = 0] = loadavg();
  console.info(`Activation: ${ms} ms; load ${load.toFixed(1)} on ${cpus().length} cores`);
  // The editor counts by the clock, which says little on a machine that others keep busy.
  expect(ms).toBeLessThan(isQuiet() ? 300 : 2000);
  await closeEditor(page);
});

step("a file that a recipe lacks is no mistake any more once it is there", async (session) => {
  const { server, editor } = session;
  const [recipe, prompts] = ["lacking.frecas", "later.txt"].map((name) =>
    join(server.workspace, name),
  ) as [string, string];
  writeFileSync(recipe, "prompts: later.txt\n");
  await openFile(editor.page, "lacking.frecas");
  const underlined = editor.page.locator(".editor-instance .squiggly-error");
  await underlined.first().waitFor();
  writeFileSync(prompts, "a meadow at noon\n");
  await expect.poll(() => underlined.count()).toBe(0);
  await closeEditor(editor.page);
  for (const file of [recipe, prompts]) rmSync(file);
});

step("a mistake is underlined, and its fix is at hand", async ({ server, editor: { page } }) => {
  const recipe = join(server.workspace, "mistake.frecas");
  writeFileSync(recipe, "prompt: a meadow at noon\nsede: 7\n");
  await openFile(page, "mistake.frecas");
  const underlined = page.locator(".editor-instance .squiggly-error");
  await underlined.first().waitFor();
  await goToEnd(page, "sede");
  await page.keyboard.press("Home");
  await takeFix(page, "sede", "seed");
  await line(page, "seed: 7").waitFor();
  await expect.poll(() => underlined.count()).toBe(0);
});

step("keys are completed", async ({ editor: { page } }) => {
  await goToEnd(page, "seed: 7");
  await page.keyboard.press("Enter");
  await page.keyboard.type("imag");
  await page.keyboard.press("Control+Space");
  const proposals = page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "images" });
  await proposals.first().click();
  await page.keyboard.type("2");
  await line(page, "images: 2").waitFor();
});

step("hovering says what a key means", async ({ editor: { page } }) => {
  await line(page, "images: 2").locator("span span").first().hover();
  const hover = page.locator(".monaco-hover:visible", { hasText: "images" });
  await hover
    .filter({ hasText: /picture/i })
    .first()
    .waitFor();
  await page.mouse.move(5, 5);
  await closeEditor(page);
});

step("Generate starts the daemon; lens and preview tell how far it is", async (session) => {
  const { server, editor } = session;
  const { page } = editor;
  await openFile(page, "dawn.frecas");
  await askCompanion(server.companion, "clearDelays");
  await lens(page, "Generate").click();
  await Promise.all([lensChanges(page), previewsChange(page, 3)]);
  await lens(page, /Stop · stage [23]|Again/).waitFor();
  await keepPicture(session, "running, light");
  const daemons = ownProcesses(server.mark).filter((command) => command.includes("/daemon.js"));
  expect(daemons).toHaveLength(1);
});

step("the picture is painted, and shown, at its size", async (session) => {
  const path = join(session.server.workspace, "results/dawn/00000.00.png");
  const { page } = session.editor;
  await lens(page, "Again with a new seed").waitFor();
  expect(decodePng(readFileSync(path), path)).toMatchObject({ width: 512, height: 512 });
  await expect.poll(() => sizeOf(picture(page))).toEqual([512, 512]);
  await keepPicture(session, "done, light");
});

step("no call holds the extension host's event loop for 50 ms", async ({ server }) => {
  const { busyMs, wallMs } = await askCompanion<{ busyMs: number; wallMs: number }>(
    server.companion,
    "delays",
  );
  console.info(`Longest call: ${busyMs.toFixed(1)} ms at work, ${wallMs.toFixed(1)} by the clock`);
  // Even the work of one thread takes longer where others want its core and its caches.
  expect(busyMs).toBeLessThan(isQuiet() ? 50 : 200);
});

step("a slider compares stages of the run", async (session) => {
  const panel = webview(session.editor.page);
  await panel.getByRole("tab", { name: "Compare" }).click();
  const before = panel.getByRole("img", { name: /^Before: / });
  await before.waitFor();
  const shown = () => before.evaluate(({ style }) => style.clipPath);
  const half = await shown();
  await panel.getByRole("slider", { name: /before/ }).fill("250");
  await expect.poll(shown).not.toBe(half);
  await keepPicture(session, "comparison, light");
});

step("a word of the prompt shows its attention over the picture", async (session) => {
  const panel = webview(session.editor.page);
  await panel.getByRole("tab", { name: "Attention" }).click();
  const words = panel.getByRole("group", { name: "Words of the prompt" });
  await words.getByRole("button", { name: "balloon" }).click();
  await panel.locator("canvas.heat:visible").waitFor();
  await panel.getByText(/“balloon” has .* of the attention/).waitFor();
  await keepPicture(session, "attention, light");
});

step("a picture is parted into its low and high band", async (session) => {
  const panel = webview(session.editor.page);
  await panel.getByRole("tab", { name: "Frequency" }).click();
  const bands = panel.getByRole("img", { name: /^(Low|High) band/ });
  await expect.poll(() => bands.count()).toBe(2);
  await panel
    .getByText(/slope −?\d/)
    .first()
    .waitFor();
  await keepPicture(session, "frequency, light");
  await panel.getByRole("tab", { name: "Compare" }).click();
});

step("its pages follow the editor's theme", async (session) => {
  const { page } = session.editor;
  const body = webview(page).locator("body");
  const paper = () =>
    body.evaluate((one) => one.ownerDocument.defaultView.getComputedStyle(one).backgroundColor);
  const light = await paper();
  await setTheme(session, "Default High Contrast");
  await webview(page).locator("body.vscode-high-contrast").waitFor();
  await keepPicture(session, "comparison, high contrast");
  await setTheme(session, "Default Dark Modern");
  await webview(page).locator("body.vscode-dark").waitFor();
  await expect.poll(paper).not.toBe(light);
  await keepPicture(session, "comparison, dark");
  await webview(page).getByRole("tab", { name: "Picture" }).click();
  await keepPicture(session, "done, dark");
});

step("Compare methods paints a recipe by each, to look at side by side", async (session) => {
  const { server, editor } = session;
  const { page } = editor;
  const recipe = "name: dunes\nprompt: desert dunes at night with the moon\nsize: 256\n";
  writeFileSync(join(server.workspace, "dunes.frecas"), recipe);
  await openFile(page, "dunes.frecas");
  await lens(page, "Compare methods").click();
  await page.locator(".notification-toast", { hasText: /Compared without demofusion/ }).waitFor();
  const cells = webview(page).locator("figure.cell");
  const labels = cells.locator(".label");
  await expect.poll(() => labels.allTextContents()).toEqual(["frecas", "scalecrafter", "direct"]);
  await lens(page, "Again with a new seed").waitFor();
  await expect
    .poll(() => cells.getByText(/s\s· [\d+]+\ssteps\s+work\s.*×\sfrecas\s+.*planned/).count())
    .toBe(3);
  for (const picture of await cells.locator("img.layer").all())
    await expect.poll(() => sizeOf(picture)).toEqual([256, 256]);
  await runCommand(page, "Notifications: Clear All Notifications");
  // Without the side bar there is more room for pictures.
  await page.keyboard.press("Control+B");
  await keepPicture(session, "methods, dark");
  await page.keyboard.press("Control+B");
  await cells.nth(2).getByRole("button").click();
  await cells.nth(0).getByRole("button").click();
  await webview(page)
    .getByRole("slider", { name: /before/ })
    .waitFor();
  await keepPicture(session, "two methods, dark");
  await goToEnd(page, "name: dunes");
  await closeEditor(page);
});

step("a picture that is dropped on the panel opens its recipe", async (session) => {
  const { server, editor } = session;
  const bytes = readFileSync(join(server.workspace, "results/dawn/00000.00.png"));
  await dropFile(webview(editor.page).locator("body"), { name: "found.png", bytes });
  await line(editor.page, "frequency_guidance").waitFor();
  expect(await line(editor.page, "seed: ").textContent()).toMatch(/seed:\s1$/);
  await keepPicture(session, "recipe of a dropped picture, dark");
  await closeEditor(editor.page);
});

step("so does one that is dragged from the explorer with Shift", async ({ server, editor }) => {
  const { page } = editor;
  const name = "from-explorer.png";
  copyFileSync(join(server.workspace, "results/dawn/00000.00.png"), join(server.workspace, name));
  await dragWithShift(
    page,
    page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }),
  );
  await line(page, "frequency_guidance").waitFor();
  await closeEditor(page);
});

step("a run is found again after a reload in its midst, and Stop ends it", async (session) => {
  const { server, editor } = session;
  const stages = "[{ size: 128, steps: 900, until: 50 }, { size: 256, steps: 20 }]";
  const recipe = `name: long\nprompt: a meadow at noon\nstages: ${stages}\n`;
  writeFileSync(join(server.workspace, "long.frecas"), recipe);
  await openFile(editor.page, "long.frecas");
  await lens(editor.page, "Generate").click();
  await lens(editor.page, /Stop · .*step \d+/).waitFor();
  await reloadWindow(editor.page);
  await lens(editor.page, /Stop · .*step \d+/).waitFor();
  await previewsChange(editor.page, 2);
  await keepPicture(session, "after a reload, dark");
  await lens(editor.page, /Stop · /).click();
  await lens(editor.page, "Generate").waitFor();
});

step(
  "closing the window leaves the run going, and nothing behind once it has ended",
  async (session) => {
    const { server, editor } = session;
    await openFile(editor.page, "portrait.frecas");
    await lens(editor.page, "Generate").click();
    await lens(editor.page, /Stop · .*step \d+/).waitFor();
    await editor.close();
    const mine = () =>
      ownProcesses(server.mark).map((command) => /([\w-]+)\.js/.exec(command)?.[1]);
    await expect.poll(mine).not.toContain("language-server");
    expect(mine()).toContain("engine");
    await expect.poll(mine).toEqual([]);
    expect(existsSync(join(server.workspace, "results/portrait/00000.00.png"))).toBe(true);
  },
);

/** Whether no more processes want to run than there are cores, over the last minute. */
function isQuiet(): boolean {
  const [load = 0] = loadavg();
  return load < cpus().length;
}

/** Resolves when the run's lens has told two different steps. */
async function lensChanges(page: Page): Promise<void> {
  const stop = lens(page, /Stop · .*step \d+/);
  const first = await stop.textContent();
  await expect.poll(() => lens(page, /Stop · .*step \d+|Again/).textContent()).not.toBe(first);
}

function setTheme({ server }: EditorSession, theme: string): Promise<unknown> {
  return askCompanion(server.companion, "settings", { "workbench.colorTheme": theme });
}
