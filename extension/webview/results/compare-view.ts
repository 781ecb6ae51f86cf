// Two pictures on each other and a line between them, which a slider moves: before on its left, after on its right. Where
// runs are compared, all of them side by side too.
import { html } from "../make-element.ts";
import { compareGrid } from "./compare-grid.ts";
import { iconButton } from "./controls.ts";
import { layoutOf } from "./grid-cells.ts";
import { icon } from "./icons.ts";
import { layoutSwitch } from "./layout-switch.ts";
import type { PageCalls, PageView } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import { pictureLayer } from "./picture-layer.ts";
import { lineAt, shareAt } from "./slider.ts";
import { allSources, comparedSources, type Source } from "./sources.ts";
import { openSurface } from "./surface.ts";
import type { Placed } from "./zoom.ts";

export function compareView(calls: PageCalls): PageView {
  const before = pictureLayer(calls);
  const after = pictureLayer(calls);
  const line = html(
    "div",
    { class: "line", "aria-hidden": "true" },
    html("div", { class: "grip" }),
  );
  const surface = openSurface(calls);
  surface.element.append(after.element, before.element, line);
  surface.element.setAttribute(
    "aria-label",
    "Comparison: arrow keys move the pictures, + and - zoom",
  );
  const chooser = sourceChooser(calls);
  const slider = shareSlider(calls);
  const grid = compareGrid(calls, slider.focus);
  const layout = layoutSwitch(calls);
  let placed: Placed | undefined;
  const place = (state: PageState): void => {
    const compared = comparedSources(state);
    const size = compared.after?.size;
    if (size === undefined) return;
    placed = surface.place([after.element, before.element], size, state.zoom);
    // A stage was stretched to the picture's proportions when it was enlarged; another picture was not.
    before.element.classList.toggle("whole", compared.before?.picture != null);
    const x = lineAt(state.slider, placed, surface.viewport());
    line.style.transform = `translateX(${x}px)`;
    before.element.style.clipPath = `inset(0 ${Math.max(0, placed.left + placed.width - x)}px 0 0)`;
  };
  hearLine(line, surface.element, (x) => {
    if (placed !== undefined)
      calls.act({ kind: "slide", share: shareAt(x, placed, surface.viewport()) });
  });
  const head = html("div", { class: "head" }, layout.element, chooser.element);
  const underSlider = [chooser.element, surface.element, slider.element];
  const isGrid = (): boolean => layoutOf(calls.state()) === "grid";
  return {
    element: html("div", { class: "compare" }, head, grid.element, surface.element, slider.element),
    show: (state) => {
      layout.show(state);
      grid.element.hidden = !isGrid();
      for (const one of underSlider) one.hidden = isGrid();
      if (isGrid()) return grid.show(state);
      const compared = comparedSources(state);
      before.show(compared.before?.url, `Before: ${compared.before?.label ?? ""}`);
      after.show(compared.after?.url, `After: ${compared.after?.label ?? ""}`);
      line.hidden = compared.before === undefined;
      chooser.show(state);
      slider.show(state);
      place(state);
    },
    viewport: () => (isGrid() ? grid.viewport() : surface.viewport()),
    shown: (state) => (isGrid() ? grid.shown(state) : comparedSources(state).after),
  };
}

/** Drags the line; `move` is told CSS pixels from the surface's left edge. */
function hearLine(line: HTMLElement, surface: HTMLElement, move: (x: number) => void): void {
  line.addEventListener("pointerdown", (event) => {
    // The surface below would move the picture.
    event.preventDefault();
    event.stopPropagation();
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener("pointermove", (event) => {
    if (line.hasPointerCapture(event.pointerId))
      move(event.clientX - surface.getBoundingClientRect().left);
  });
}

function shareSlider({ act }: PageCalls) {
  const input = html("input", {
    type: "range",
    min: "0",
    max: "1000",
    "aria-label": "How much of the width shows what was before",
  });
  input.addEventListener("input", () => act({ kind: "slide", share: Number(input.value) / 1000 }));
  return {
    element: html("div", { class: "slider" }, input),
    focus: (): void => input.focus(),
    show: ({ slider }: PageState): void => {
      const value = String(Math.round(slider * 1000));
      if (input.value !== value) input.value = value;
      input.setAttribute("aria-valuetext", `${Math.round(slider * 100)} percent`);
    },
  };
}

function sourceChooser(calls: PageCalls) {
  const before = html("select", { "aria-label": "Before" });
  const after = html("select", { "aria-label": "After" });
  // The other side stays what it was, which may be whatever is newest.
  const chosen = (choice: Partial<Pick<PageState, "before" | "after">>): void => {
    const state = calls.state();
    calls.act({ kind: "compare", before: state.before, after: state.after, ...choice });
  };
  before.addEventListener("change", () => chosen({ before: before.value }));
  after.addEventListener("change", () => chosen({ after: after.value }));
  const swap = iconButton(icon("swap"), {
    label: "Swap before and after",
    onClick: () => calls.act({ kind: "compare", before: after.value, after: before.value }),
  });
  return {
    element: html("div", { class: "chooser" }, before, swap, after),
    show: (state: PageState): void => {
      const sources = allSources(state);
      const compared = comparedSources(state);
      fill(before, sources, compared.before);
      fill(after, sources, compared.after);
      swap.disabled = compared.before === undefined;
    },
  };
}

function fill(
  select: HTMLSelectElement,
  sources: readonly Source[],
  chosen: Source | undefined,
): void {
  const wanted = sources.map(({ key, label, picture }) => ({
    key,
    text: picture?.seed == null ? label : `${label} · seed ${picture.seed}`,
  }));
  const isSame =
    wanted.length === select.options.length &&
    wanted.every(({ key, text }, index) => {
      const option = select.options[index];
      return option?.value === key && option.text === text;
    });
  if (!isSame)
    select.replaceChildren(...wanted.map(({ key, text }) => html("option", { value: key }, text)));
  select.value = chosen?.key ?? "";
}
