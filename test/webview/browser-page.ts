// A page of the extension in a real browser, with a stand-in for the editor: it keeps what the page says, and speaks to it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";
import { pageHtml } from "../../extension/panel/page-html.ts";
import { type ThemeName, themeCss } from "./themes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const origin = "http://page.test";
/** How long a browser may take on a busy machine. */
const mostStartMs = 60_000;

interface EditorPage {
  readonly page: Page;
  /** As the editor posts a message. */
  say(message: object): Promise<void>;
  /** What the page has said so far. */
  heard(): Promise<readonly unknown[]>;
  /** What the page would not load, and errors of its script. */
  readonly troubles: readonly string[];
}

interface PageOptions {
  /** dist/webview/<name>.js and .css. */
  readonly name: string;
  readonly theme?: ThemeName;
  /** What an earlier page has kept. */
  readonly kept?: object;
  readonly size?: { readonly width: number; readonly height: number };
  /** Files that the page may load as http://page.test/<name>. */
  readonly files?: Readonly<Record<string, Buffer>>;
}

/**
 * A browser for the tests of a file, opened before the first and closed after the last. Where none can be had they are
 * skipped, loudly; where FRECAS_CI is set, they fail instead.
 */
export async function browserTests() {
  const { prepareBrowser } = await import(
    new URL("../../scripts/editor-host.mjs", import.meta.url).href
  );
  const { path, missing }: { readonly path?: string; readonly missing?: string } = prepareBrowser();
  if (path === undefined && process.env["FRECAS_CI"] === undefined)
    console.warn(`\nSKIPPED: tests of pages in a browser, for ${missing}.\n`);
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (path === undefined) throw new Error(`There must be a browser here, but ${missing}.`);
    browser = await chromium.launch({
      executablePath: path,
      args: ["--no-sandbox", "--disable-gpu"],
    });
  }, mostStartMs);
  afterAll(() => browser?.close());
  const test = it.skipIf(path === undefined && process.env["FRECAS_CI"] === undefined);
  return {
    test,
    open: (options: PageOptions): Promise<EditorPage> => {
      if (browser === undefined) throw new Error("The browser has not been opened.");
      return openEditorPage(browser, options);
    },
  };
}

/** The page with the policy it has in the editor. */
async function openEditorPage(browser: Browser, options: PageOptions): Promise<EditorPage> {
  const { name, theme = "dark", kept, size = { width: 900, height: 700 }, files = {} } = options;
  const page = await browser.newPage({ viewport: size });
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  const own = (file: string): Buffer => readFileSync(join(root, "dist/webview", file));
  const html = pageHtml({
    script: `${origin}/${name}.js`,
    style: `${origin}/${name}.css`,
    cspSource: origin,
    title: name,
  });
  const served: Readonly<Record<string, string | Buffer>> = {
    "": html
      .replace("<html ", `<html style="${themeCss(theme)}" `)
      .replace("<body", `<body class="vscode-${theme}"`),
    [`${name}.js`]: own(`${name}.js`),
    [`${name}.css`]: own(`${name}.css`),
    ...files,
  };
  await page.route(`${origin}/**`, (route) => {
    const body = served[new URL(route.request().url()).pathname.slice(1)];
    const contentType = body === served[""] ? "text/html" : undefined;
    return body === undefined
      ? route.fulfill({ status: 404 })
      : route.fulfill({ body, ...(contentType === undefined ? {} : { contentType }) });
  });
  await page.addInitScript((state) => {
    const said: unknown[] = [];
    Object.assign(globalThis, {
      said,
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => said.push(message),
        getState: () => state,
        setState: (next: unknown) => Object.assign(globalThis, { kept: next }),
      }),
    });
  }, kept);
  await page.goto(`${origin}/`);
  return {
    page,
    troubles,
    say: (message) =>
      page
        .evaluate((data) => dispatchEvent(new MessageEvent("message", { data })), message)
        .then(() => undefined),
    heard: () => page.evaluate(() => (globalThis as unknown as { said: unknown[] }).said),
  };
}
