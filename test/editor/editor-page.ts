// The editor in a browser, and what a user does in it. Everything waits for what it needs to see; nothing waits for time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BrowserContext,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from "playwright-core";
import { expect, vi } from "vitest";

export interface EditorPage {
  readonly page: Page;
  /** Addresses besides the editor's own that the page, its webviews too, asked for. */
  readonly foreign: ReadonlySet<string>;
  /** Leaves the editor, so that its extension host ends, and closes the browser; once. */
  close(): Promise<void>;
}

/** `browser` is the program's path; `url` is the editor's. */
export async function openEditorPage(browser: string, url: string): Promise<EditorPage> {
  const profile = mkdtempSync(join(tmpdir(), "fe-profile-"));
  const context = await launch(browser, profile);
  const page = context.pages()[0] ?? (await context.newPage());
  // A picture takes seven seconds to paint, and many times that where others are at work.
  page.setDefaultTimeout(90_000);
  const foreign = new Set<string>();
  page.on("request", (request) => {
    const { protocol, host, hostname, origin } = new URL(request.url());
    if (!/^(http|ws)/.test(protocol) || host === new URL(url).host) return;
    if (!hostname.endsWith(ofWebviews)) foreign.add(origin);
  });
  await page.goto(url);
  await workbench(page);
  return {
    page,
    foreign,
    close: async () => {
      if (page.isClosed()) return;
      await page.goto("about:blank");
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Files that webviews show have addresses under this name, which a worker of the editor answers; none leaves the machine. */
const ofWebviews = ".vscode-resource.vscode-cdn.net";

function launch(browser: string, profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: browser,
    headless: true,
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Resolves when the editor has drawn itself. */
async function workbench(page: Page): Promise<void> {
  await page.locator(".monaco-workbench").waitFor();
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
}

/** Opens a file of the workspace's top folder from the explorer, in the first column: panels lie in the second. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+1");
  await page
    .locator(".explorer-folders-view .monaco-list-row", { hasText: name })
    .first()
    .dblclick();
  await page.locator(".tab.active", { hasText: name }).waitFor();
  await page.locator(".editor-instance .view-line").first().waitFor();
}

/** Runs a command by its title, as the palette shows it. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator(".quick-input-widget input").first();
  await page.keyboard.press("F1");
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
  await input.waitFor({ state: "hidden" });
}

/** Closes the editor that has the focus; what was changed in it is lost. */
export async function closeEditor(page: Page): Promise<void> {
  const open = await page.locator(".tab").count();
  await runCommand(page, "View: Revert and Close Editor");
  await expect.poll(() => page.locator(".tab").count()).toBe(open - 1);
}

/**
 * As a user reloads the window: the editor first writes down what is open, which a reload of the browser's page would cut
 * short. Resolves in the new window.
 */
export async function reloadWindow(page: Page): Promise<void> {
  await page.evaluate("globalThis.isOldWindow = true");
  await runCommand(page, "Developer: Reload Window");
  await page.waitForFunction("globalThis.isOldWindow === undefined");
  await workbench(page);
}

/** The lens whose title contains `text`. */
export function lens(page: Page, text: string | RegExp): Locator {
  return page.locator(".codelens-decoration a", { hasText: text }).first();
}

/** The line of the open recipe that contains `text`. */
export function line(page: Page, text: string): Locator {
  return page.locator(".editor-instance .view-line", { hasText: text }).first();
}

/**
 * Mends the key `wrong`, at whose beginning the cursor is, by the fix that writes `right`. The list of fixes closes
 * when lenses change above it: so the lens that tells of the mistake is waited for, and a list that closed is opened
 * again.
 */
export async function takeFix(page: Page, wrong: string, right: string): Promise<void> {
  await lens(page, new RegExp(`Cannot be painted: ${wrong}:`)).waitFor();
  const fix = page.locator(".action-widget .monaco-list-row.focused", { hasText: right });
  await vi.waitFor(
    async () => {
      await page.keyboard.press("Control+.");
      await fix.waitFor({ timeout: 3000 });
      await page.keyboard.press("Enter");
      await line(page, `${right}:`).waitFor({ timeout: 3000 });
    },
    { timeout: 60_000, interval: 100 },
  );
}

/** What is inside the visible webview: the second frame in the first. */
export function webview(page: Page): FrameLocator {
  const outer = page.locator("iframe.webview.ready:visible").last();
  return outer.contentFrame().frameLocator("#active-frame");
}

/** Puts the cursor behind the line that contains `text`. */
export async function goToEnd(page: Page, text: string): Promise<void> {
  await line(page, text).click();
  await page.locator(".editor-instance .monaco-editor.focused").waitFor();
  await page.keyboard.press("End");
}
