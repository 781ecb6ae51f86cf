// Settings as they are read: settings.json may hold anything.
import { beforeEach, expect, it, vi } from "vitest";
import { readSettings } from "../../extension/settings.ts";
import { editor } from "./fake-editor.ts";

vi.mock("vscode", async () => (await import("./fake-editor.ts")).vscode);
beforeEach(() => editor.reset());

it.each([
  [undefined, 600_000],
  [0, 0],
  [0.5, 30_000],
  [-1, 600_000],
  ["soon", 600_000],
  ["5", 600_000],
  [Number.NaN, 600_000],
  [Number.MAX_VALUE, 600_000],
  [[3], 600_000],
])("a daemon that is to be kept %s minutes is kept %i ms", (minutes, expected) => {
  editor.settings = { "frecas.keepDaemonMinutes": minutes };
  expect(readSettings().keepDaemonMs).toBe(expected);
});
