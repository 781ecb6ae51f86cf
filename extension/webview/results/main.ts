// The page of the results panel: its parts, and the state that they show. What the editor says and what is done in the
// page change the state; every part then shows it.
/// <reference types="vscode-webview" />
import type { FromResults, ToResults } from "../../panel/messages.ts";
import { openPage } from "./open-page.ts";
import type { KeptState } from "./page-state.ts";

const editor = acquireVsCodeApi<KeptState>();
const page = openPage({
  kept: editor.getState(),
  keep: (state) => editor.setState(state),
  tell: (message: FromResults) => editor.postMessage(message),
});
document.body.append(...page.elements);
addEventListener("message", ({ data }: MessageEvent<ToResults>) => page.hear(data));
page.begin();
