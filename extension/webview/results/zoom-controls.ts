// Buttons for the zoom, and what it is; the same as the keys + - 0 1.
import { html } from "../make-element.ts";
import { iconButton, setText } from "./controls.ts";
import { icon } from "./icons.ts";
import type { PageCalls, PagePart, PageView } from "./page-part.ts";
import { zoomStep } from "./surface.ts";
import { type Frame, placePicture, type Zoom, zoomBy, zoomTo } from "./zoom.ts";

export function zoomControls(calls: PageCalls, view: () => PageView): PagePart {
  const press = (key: string) => (): void => zoomByKey(key, calls, view());
  const scale = html("button", { type: "button", class: "scale", "aria-keyshortcuts": "1" });
  scale.addEventListener("click", press("1"));
  const smaller = iconButton(icon("smaller"), { label: "Smaller", keys: "-", onClick: press("-") });
  const larger = iconButton(icon("larger"), { label: "Larger", keys: "+", onClick: press("+") });
  const fit = iconButton(icon("fit"), { label: "Whole picture", keys: "0", onClick: press("0") });
  const buttons = [smaller, scale, larger, fit];
  return {
    element: html("div", { class: "group", role: "toolbar", "aria-label": "Zoom" }, ...buttons),
    show: (state) => {
      const frame = frameOf(calls, view());
      for (const button of buttons) button.disabled = frame === undefined;
      const percent =
        frame === undefined ? "–" : `${Math.round(100 * placePicture(state.zoom, frame).scale)} %`;
      setText(scale, percent);
      scale.title = "Show every pixel as it is, 100 % (1)";
      scale.setAttribute("aria-label", `${percent}; show at 100 %`);
      fit.setAttribute("aria-pressed", String(state.zoom.kind === "fit"));
    },
  };
}

/** What a key does to the zoom, if anything. */
export function zoomByKey(key: string, calls: PageCalls, view: PageView): void {
  const frame = frameOf(calls, view);
  const change = changes[key];
  if (frame !== undefined && change !== undefined)
    calls.act({ kind: "zoom", zoom: change(calls.state().zoom, frame) });
}

const changes: Readonly<Record<string, (zoom: Zoom, frame: Frame) => Zoom>> = {
  "+": (zoom, frame) => zoomBy(zoom, frame, { factor: zoomStep }),
  "=": (zoom, frame) => zoomBy(zoom, frame, { factor: zoomStep }),
  "-": (zoom, frame) => zoomBy(zoom, frame, { factor: 1 / zoomStep }),
  "0": () => ({ kind: "fit" }),
  "1": (zoom, frame) => zoomTo(zoom, frame, { scale: 1 }),
};

function frameOf(calls: PageCalls, view: PageView): Frame | undefined {
  const picture = view.shown(calls.state())?.size;
  const viewport = view.viewport();
  if (viewport === undefined || picture === undefined) return undefined;
  return { viewport, picture, pixelRatio: devicePixelRatio };
}
