// The plan preview, the runs view and the walkthrough in a real editor. Each step goes on where the one before it ended.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect, vi } from "vitest";
import {
  closeEditor,
  goToEnd,
  lens,
  openFile,
  reloadWindow,
  runCommand,
  webview,
} from "./editor-page.ts";
import { keepPicture, openEditorSession } from "./editor-session.ts";
import { sizeOf } from "./results-panel.ts";

const step = await openEditorSession();

step("the plan of a recipe is shown beside it, and follows the cursor", async (session) => {
  const { page } = session.editor;
  await openFile(page, "direct.frecas");
  await lens(page, /^Plan/).click();
  const plan = webview(page);
  await plan.locator("h1", { hasText: "cascade" }).waitFor();
  await expect.poll(() => plan.locator("svg .stage").count()).toBe(3);
  await keepPicture(session, "plan");
  await goToEnd(page, "method: direct");
  await plan.locator("h1", { hasText: "direct" }).waitFor();
  await expect.poll(() => plan.locator("svg .stage").count()).toBe(1);
});

step("while the text has a mistake, the plan before it stays, greyed", async (session) => {
  const { page } = session.editor;
  const plan = webview(page);
  await goToEnd(page, "method: direct");
  await page.keyboard.press("Enter");
  await page.keyboard.type("steps: many");
  await plan.locator(".notice", { hasText: "steps" }).waitFor();
  await plan.locator(".stale h1", { hasText: "direct" }).waitFor();
  await keepPicture(session, "plan of a mistake");
  for (const _ of "steps: many") await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await expect.poll(() => plan.locator(".stale").count()).toBe(0);
});

step("the plan is right in a light theme, and there after a reload", async (session) => {
  const { page } = session.editor;
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+T");
  await page.locator(".quick-input-widget input").first().fill("Light Modern");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Light Modern" }).click();
  await webview(page).locator("body.vscode-light").waitFor();
  await keepPicture(session, "plan in a light theme");
  await runCommand(page, "File: Save");
  await reloadWindow(page);
  await page.locator(".tab", { hasText: "Plan: direct" }).waitFor();
  await webview(page).locator("h1", { hasText: "direct" }).waitFor();
});

step("the extension's page says how to begin, and shows no broken picture", async (session) => {
  const { page } = session.editor;
  await runCommand(page, "View: Show Extensions");
  const row = page.locator(".extensions-list .monaco-list-row", { hasText: "FreCaS" });
  await row.filter({ hasNotText: "companion" }).click();
  await webview(page).locator("code", { hasText: "FreCaS: Get Started" }).first().waitFor();
  const icon = page.locator(".extension-editor img.icon");
  await expect.poll(() => sizeOf(icon)).toEqual([256, 256]);
  for (const image of await webview(page).locator("img").all())
    expect((await sizeOf(image))[0]).toBeGreaterThan(0);
  await keepPicture(session, "extension page");
  await closeEditor(page);
});

step("the side bar says what to do while there are no runs", async ({ editor: { page } }) => {
  await page.locator(".activitybar .action-label[aria-label^='FreCaS']").click();
  await page.locator(".pane-body", { hasText: "No daemon is up" }).first().waitFor();
});

step("the walkthrough's first step paints a picture", async (session) => {
  const { server, editor } = session;
  const { page } = editor;
  await runCommand(page, "FreCaS: Get Started");
  await page.locator(".gettingStartedContainer", { hasText: "Paint a first picture" }).waitFor();
  await keepPicture(session, "walkthrough");
  await page.locator(".getting-started-step .monaco-button", { hasText: "Sample" }).click();
  await page.locator(".monaco-list-row", { hasText: /%.*stage \d\/3/ }).waitFor();
  await keepPicture(session, "runs");
  await page.locator(".monaco-list-row", { hasText: "History" }).waitFor();
  await page.locator(".monaco-list-row", { hasText: /(s|min) · 512×512/ }).waitFor();
  expect(existsSync(join(server.workspace, "results/dawn/00000.00.png"))).toBe(true);
});

step(
  "the walkthrough's last step paints with and without the method, side by side",
  async (session) => {
    const { page } = session.editor;
    await runCommand(page, "FreCaS: Paint the Sample with and without FreCaS");
    const cells = webview(page).locator("figure.cell");
    const labels = cells.locator(".label");
    await expect.poll(() => labels.allTextContents()).toEqual(["frecas", "direct"]);
    // A preview is smaller than the picture that it becomes.
    for (const index of [0, 1])
      await expect.poll(() => sizeOf(cells.nth(index).locator("img.layer"))).toEqual([512, 512]);
    await keepPicture(session, "with and without");
    await closeEditor(page);
  },
);

step("runs that wait are dragged, moved by keys, paused and cancelled", async (session) => {
  const { server, editor } = session;
  const { page } = editor;
  const names = ["one", "two", "three"];
  const recipes = names.map((name) => `name: ${name}\nprompt: a lake\nsize: 1024\n`);
  writeFileSync(join(server.workspace, "many.frecas"), recipes.join("---\n"));
  await runCommand(page, "View: Show Explorer");
  await openFile(page, "many.frecas");
  await runCommand(page, "View: Show FreCaS");
  const run = (name: string) =>
    page.locator(".monaco-list-row", { hasText: new RegExp(`^${name}`) });
  for (const name of names) {
    await goToEnd(page, `name: ${name}`);
    await page.keyboard.press("Control+Enter");
    await run(name).waitFor();
  }
  const order = async () =>
    (await page.locator(".monaco-list-row", { hasText: /next|in line/ }).allTextContents()).map(
      (text) => /^[a-z]+?(?=next|\d)/.exec(text)?.[0],
    );
  await expect.poll(order).toEqual(["two", "three"]);
  await run("three").dragTo(run("two"));
  await expect.poll(order).toEqual(["three", "two"]);
  await run("two").click();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(order).toEqual(["two", "three"]);
  await runCommand(page, "FreCaS: Pause the Queue");
  await page.locator(".monaco-list-row", { hasText: "paused" }).waitFor();
  await keepPicture(session, "paused");
  for (const name of ["three", "two", "one"]) {
    await cancelRun(page, run(name));
    await expect
      .poll(() =>
        run(name)
          .filter({ hasText: /next|in line|%|begins/ })
          .count(),
      )
      .toBe(0);
  }
  await runCommand(page, "FreCaS: Resume the Queue");
  await page.locator(".monaco-list-row", { hasText: /Queue.*empty/ }).waitFor();
});

/** Rows move while the pointer is on its way, for messages come and go above them; then it is moved once more. */
function cancelRun(page: Page, row: Locator): Promise<void> {
  return vi.waitFor(
    async () => {
      await page.mouse.move(5, 5);
      await row.hover();
      await row.locator(".action-label[aria-label^='Cancel Run']").click({ timeout: 3000 });
    },
    { timeout: 90_000 },
  );
}
