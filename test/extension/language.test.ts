// When the language server is told that files may be others which nobody watches.
import { beforeEach, expect, it, vi } from "vitest";
import { startLanguage } from "../../extension/language.ts";
import { editor } from "./fake-editor.ts";

const sendNotification = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock("vscode", async () => (await import("./fake-editor.ts")).vscode);
vi.mock("vscode-languageclient/node", () => ({
  DidChangeWatchedFilesNotification: { type: "watched" },
  TransportKind: { ipc: 1 },
  LanguageClient: class {
    isRunning = () => true;
    onNotification = () => undefined;
    sendNotification = sendNotification;
  },
}));
beforeEach(() => editor.reset());

it("the server looks at files anew when the window gets the focus, and not when its state changes otherwise", () => {
  editor.isFocused = true;
  startLanguage("/extension/dist/language-server.js");
  editor.focus(true);
  editor.focus(false);
  expect(sendNotification).not.toHaveBeenCalled();
  editor.focus(true);
  editor.focus(true);
  expect(sendNotification.mock.calls).toEqual([["watched", { changes: [] }]]);
});
