// A language server that answers what the test says, and tells what the test wants.
import { vi } from "vitest";
import type { RecipePlans } from "../../extension/plan-request/plan-request.ts";
import { vscode } from "./fake-editor.ts";

/** `answer` is given the address of the file that is asked about. */
export function fakeLanguage(answer: (uri: string) => RecipePlans | Promise<RecipePlans>) {
  const changed = new vscode.EventEmitter<string>();
  const plans = vi.fn(async (uri: { toString(): string }) => answer(uri.toString()));
  const language = { plans, onPlansChanged: changed.event };
  return { language, plans, change: changed.fire };
}
