// The entry of the status bar: the run that is painted, whose click stops it. Hidden when nothing is painted.
import { Disposable, StatusBarAlignment, window } from "vscode";
import { contextKeys } from "./context-keys.ts";
import type { RunParts } from "./run-parts.ts";
import { statusWords } from "./status-words.ts";
import { throttle } from "./throttle.ts";

const leastPauseMs = 250;

export function showStatus({ feed, paces }: RunParts): Disposable {
  const item = window.createStatusBarItem("frecas.run", StatusBarAlignment.Left, 10);
  item.name = "FreCaS";
  const context = contextKeys();
  const show = throttle(() => {
    const snapshot = feed.snapshot();
    const words = statusWords(snapshot, paces.of, Date.now());
    const isUp = snapshot.link === "up";
    context.set("frecas.running", words !== undefined);
    context.set("frecas.waiting", isUp && snapshot.waiting.length > 0);
    if (words === undefined) {
      item.hide();
      return;
    }
    item.text = words.text;
    item.tooltip = words.tooltip;
    item.command = { command: "frecas.stop", title: "Stop", arguments: [{ ids: [words.id] }] };
    item.accessibilityInformation = { label: `FreCaS: ${words.text.replace("$(sync~spin) ", "")}` };
    item.show();
  }, leastPauseMs);
  return Disposable.from(item, show, feed.onChange(show.call));
}
