// A workspace that is not trusted: recipes are written in it, and not run before it is trusted.
import { expect } from "vitest";
import { goToEnd, lens, line, openFile, takeFix } from "./editor-page.ts";
import { keepPicture, openEditorSession } from "./editor-session.ts";
import { ownProcesses } from "./marked-processes.ts";

const step = await openEditorSession({
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
});

const trust = "Trust this workspace to generate";

step("a mistake is underlined and mended in a workspace that is not trusted", async (session) => {
  const { page } = session.editor;
  await openFile(page, "dawn.frecas");
  await goToEnd(page, "size: 512");
  await page.keyboard.press("Enter");
  await page.keyboard.type("imags: 2");
  const underlined = page.locator(".editor-instance .squiggly-error");
  await underlined.first().waitFor();
  await page.keyboard.press("Home");
  await takeFix(page, "imags", "images");
  await line(page, "images: 2").waitFor();
  await expect.poll(() => underlined.count()).toBe(0);
});

step("its lenses lead to the page where it is trusted, and nothing is painted", async (session) => {
  const { server, editor } = session;
  const { page } = editor;
  await lens(page, trust).waitFor();
  await keepPicture(session, "not trusted");
  expect(await lens(page, /Generate/).count()).toBe(0);
  await goToEnd(page, "images: 2");
  await page.keyboard.press("Control+Enter");
  await page.locator(".notification-toast", { hasText: /trust/ }).waitFor();
  expect(ownProcesses(server.mark)).toEqual([expect.stringContaining("/language-server.js")]);
});

step("once it is trusted, its recipes can be run", async ({ server, editor: { page } }) => {
  await lens(page, trust).click();
  const button = page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ });
  await button.click();
  await page.locator(".tab", { hasText: "dawn.frecas" }).click();
  await lens(page, /Generate/).waitFor();
  expect(await lens(page, trust).count()).toBe(0);
  expect(ownProcesses(server.mark)).toEqual([expect.stringContaining("/language-server.js")]);
});
