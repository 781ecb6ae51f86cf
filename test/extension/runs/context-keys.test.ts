// What is told to the editor for its menus.
import { expect, it, vi } from "vitest";
import { contextKeys } from "../../../extension/runs/context-keys.ts";

const executeCommand = vi.hoisted(() => vi.fn());
vi.mock("vscode", () => ({ commands: { executeCommand } }));

it("a key is told once for each value, not once for each time that it is set", () => {
  const keys = contextKeys();
  for (const value of [true, true, false, false, true]) keys.set("frecas.running", value);
  keys.set("frecas.waiting", true);
  expect(executeCommand.mock.calls).toEqual([
    ["setContext", "frecas.running", true],
    ["setContext", "frecas.running", false],
    ["setContext", "frecas.running", true],
    ["setContext", "frecas.waiting", true],
  ]);
});
