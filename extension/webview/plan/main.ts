// The plan preview's page: shows what the editor sends, and tells it what was clicked.
/// <reference types="vscode-webview" />
import type { FromPlanPage, PlanViewState } from "../../plan-view/plan-messages.ts";
import { html } from "../make-element.ts";
import { drawPlan } from "./draw-plan.ts";

const editor = acquireVsCodeApi();
const send = (message: FromPlanPage): void => editor.postMessage(message);

const page = html("main");
document.body.append(page);

const view = drawPlan(page, send);
window.addEventListener("message", ({ data }: MessageEvent<PlanViewState>) => view.show(data));
window.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") send({ kind: "leave" });
});
new ResizeObserver(() => view.fit()).observe(page);
send({ kind: "ready" });
