// All pictures of a comparison side by side. Each cell zooms and pans all of them; a click, Enter or Space on two of
// them puts these under the slider.
import { html } from "../make-element.ts";
import { setText } from "./controls.ts";
import { type Cell, cellsOf, columnsFor, layoutOf, legendOf } from "./grid-cells.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import { type PictureLayer, pictureLayer } from "./picture-layer.ts";
import { placeChildren } from "./place-children.ts";
import type { Source } from "./sources.ts";
import { openSurface, type Surface } from "./surface.ts";
import type { Extent } from "./zoom.ts";

interface CompareGrid extends PagePart {
  /** Of the first cell. */
  viewport(): Extent | undefined;
  /** The picture that is picked, else the first one. */
  shown(state: PageState): Source | undefined;
}

/** `onPaired` is called when two have been picked, and the grid is no longer there. */
export function compareGrid(calls: PageCalls, onPaired: () => void): CompareGrid {
  const cells = html("div", { class: "cells" });
  const legend = html("p", { class: "hint legend" });
  const hint = html("p", { class: "hint", role: "status" });
  const opened = new Map<string, OpenCell>();
  const openedFor = (key: string): OpenCell => {
    const known = opened.get(key);
    if (known !== undefined) return known;
    const cell = openCell(key, calls, onPaired);
    opened.set(key, cell);
    return cell;
  };
  return {
    element: html("div", { class: "grid" }, cells, legend, hint),
    show: (state) => {
      const wanted = cellsOf(state);
      const shown = wanted.map(({ key }) => openedFor(key));
      for (const key of opened.keys())
        if (!wanted.some((one) => one.key === key)) opened.delete(key);
      const elements = shown.map(({ element }) => element);
      // Before there is a question of room, for it takes some.
      setText(legend, legendOf(state));
      placeChildren(cells, elements);
      const room = { width: cells.clientWidth, height: cells.clientHeight };
      const columns = columnsFor(wanted.length, room, wanted[0]?.size ?? room);
      cells.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
      for (const [index, cell] of wanted.entries()) shown[index]?.show(cell, state);
      setText(hint, hintFor(wanted, state.picked));
    },
    viewport: () => opened.get(cellsOf(calls.state())[0]?.key ?? "")?.surface.viewport(),
    shown: (state) => {
      const all = cellsOf(state);
      const picked = all.find(({ key }) => key === state.picked) ?? all[0];
      return picked?.source ?? undefined;
    },
  };
}

function hintFor(cells: readonly Cell[], picked: string | null): string {
  const first = cells.find(({ key }) => key === picked);
  const of = cells.find(({ source }) => source !== null);
  if (first !== undefined) return `${first.label} is picked: pick the picture to put beside it.`;
  return of === undefined
    ? "Pictures come one after the other."
    : "Pick two pictures to put them under the slider.";
}

interface OpenCell {
  readonly element: HTMLElement;
  readonly surface: Surface;
  show(cell: Cell, state: PageState): void;
}

function openCell(key: string, calls: PageCalls, onPaired: () => void): OpenCell {
  const surface = openSurface(calls);
  const layer: PictureLayer = pictureLayer(calls);
  surface.element.append(layer.element);
  surface.element.setAttribute("role", "button");
  let canPick = false;
  hearPick(surface.element, () => {
    if (!canPick) return;
    calls.act({ kind: "pick", key });
    if (layoutOf(calls.state()) === "slider") onPaired();
  });
  const label = html("div", { class: "label" });
  const facts = html("div", { class: "facts" });
  const caption = html("figcaption", { "aria-hidden": "true" }, label, facts);
  return {
    element: html("figure", { class: "cell" }, surface.element, caption),
    surface,
    show: (cell, { picked, zoom }) => {
      canPick = cell.source !== null;
      surface.element.setAttribute("aria-pressed", String(picked === key));
      surface.element.setAttribute("aria-disabled", String(!canPick));
      surface.element.setAttribute("aria-label", cell.spoken);
      caption.title = cell.spoken;
      layer.show(cell.url, "");
      surface.place([layer.element], cell.size, zoom);
      setText(label, cell.label);
      setText(facts, cell.facts);
    },
  };
}

/** How far a pointer may go, in CSS pixels, for its click to be one and no drag. */
const mostClickMove = 4;

function hearPick(element: HTMLElement, pick: () => void): void {
  let down = { x: 0, y: 0 };
  element.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
    down = { x, y };
  });
  element.addEventListener("click", ({ clientX, clientY }) => {
    if (Math.hypot(clientX - down.x, clientY - down.y) <= mostClickMove) pick();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pick();
  });
}
