// One editor with the package installed, for the steps of a test that come one after the other, and what is kept of it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EditorPage, openEditorPage } from "./editor-page.ts";
import { type EditorServer, startEditorServer } from "./editor-server.ts";
import { packCompanion, packFrecas } from "./pack.ts";

export interface EditorSession {
  readonly server: EditorServer;
  /** The present one: steps may close it and open another. */
  editor: EditorPage;
  /** The browser's program. */
  readonly browser: string;
}

const root = new URL("../../", import.meta.url);
/** Screenshots of a test run. */
const pictures = fileURLToPath(new URL("dist/editor-test", root));

type Settings = Readonly<Record<string, unknown>>;

/** One step of the journey; like vitest's `it`. */
type Step = (name: string, run: (session: EditorSession) => Promise<void>) => void;

/**
 * Opens the editor before the first step of this file, and closes it after the last. Where no editor can be had the
 * steps are skipped, loudly; where FRECAS_CI is set, they fail instead. `settings` are the user's.
 */
export async function openEditorSession(settings: Settings = {}): Promise<Step> {
  const { prepareEditorHost } = await import(new URL("scripts/editor-host.mjs", root).href);
  const host: Host = prepareEditorHost();
  const must = process.env["FRECAS_CI"] !== undefined;
  if ("missing" in host && !must) return skipAll(host.missing);
  let session: EditorSession | undefined;
  beforeAll(async () => {
    if ("missing" in host) throw new Error(`There must be an editor here, but ${host.missing}.`);
    session = await open(host, settings);
  });
  afterAll(async () => {
    try {
      await session?.editor.close();
      // Neither the editor nor a page of the extension asks anybody else for anything.
      expect([...(session?.editor.foreign ?? [])]).toEqual([]);
    } finally {
      await session?.server.stop();
    }
  });
  return (name, run) =>
    it(name, async () => {
      if (session === undefined) throw new Error("The editor has not been opened.");
      try {
        await run(session);
      } catch (error) {
        await keepPicture(session, `failed: ${name}`).catch(() => {});
        throw error;
      }
    });
}

/**
 * Keeps the whole page as dist/editor-test/<name>.png; nothing of a closed one. Where FRECAS_UPDATE_PICTURES is set, those
 * of README.md are written too.
 */
export async function keepPicture({ editor }: EditorSession, name: string): Promise<void> {
  if (editor.page.isClosed()) return;
  const path = join(pictures, `${name.replaceAll(/[^\w.]+/g, "-")}.png`);
  await editor.page.screenshot({ path });
  const shown = readmePictures[name];
  if (shown === undefined || process.env["FRECAS_UPDATE_PICTURES"] === undefined) return;
  const inDocs = fileURLToPath(new URL(`docs/pictures/${shown}.jpg`, root));
  await editor.page.screenshot({ path: inDocs, type: "jpeg", quality: 82 });
}

/** What the kept pictures are called in docs/pictures. */
const readmePictures: Readonly<Record<string, string>> = {
  "running, light": "editor-running",
  "comparison, dark": "editor-comparison",
  "attention, light": "editor-attention",
  "methods, dark": "editor-methods",
  plan: "editor-plan",
};

function skipAll(missing: string): Step {
  const rule = "!".repeat(80);
  console.warn(`\n${rule}\nSKIPPED: the tests in an editor, for ${missing}.\n${rule}\n`);
  return (name) => it.skip(name);
}

type Host = { readonly server: string; readonly browser: string } | { readonly missing: string };

async function open(
  host: Exclude<Host, { missing: string }>,
  settings: Settings,
): Promise<EditorSession> {
  mkdirSync(pictures, { recursive: true });
  const server = await startEditorServer({
    server: host.server,
    packages: [packFrecas(), packCompanion(pictures)],
    samples: fileURLToPath(new URL("samples", root)),
    settings,
    // The daemon ends three seconds after its last run.
    machineSettings: { "frecas.keepDaemonMinutes": 0.05 },
  });
  try {
    return {
      server,
      browser: host.browser,
      editor: await openEditorPage(host.browser, server.url),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
