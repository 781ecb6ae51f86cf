// The switch of the comparison: Grid or Slider, two buttons, one of which is pressed.
import { html } from "../make-element.ts";
import { cellsOf, layoutOf } from "./grid-cells.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import type { Layout } from "./page-state.ts";

export function layoutSwitch({ act }: PageCalls): PagePart {
  const button = (layout: Layout, words: string): HTMLButtonElement => {
    const element = html("button", { type: "button" }, words);
    element.addEventListener("click", () => act({ kind: "layout", layout }));
    return element;
  };
  const buttons = { grid: button("grid", "Grid"), slider: button("slider", "Slider") };
  const element = html(
    "div",
    { class: "tabs", role: "group", "aria-label": "How pictures are compared" },
    buttons.grid,
    buttons.slider,
  );
  return {
    element,
    show: (state) => {
      element.hidden = cellsOf(state).length < 2;
      for (const [layout, one] of Object.entries(buttons))
        one.setAttribute("aria-pressed", String(layout === layoutOf(state)));
    },
  };
}
