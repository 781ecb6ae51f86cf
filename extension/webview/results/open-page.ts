// The page without its editor: built from what was kept, told messages, asking through `tell`.
import type { FromResults, ToResults } from "../../panel/messages.ts";
import { html } from "../make-element.ts";
import { dropZone } from "./drop-zone.ts";
import { emptyPage } from "./empty-page.ts";
import { gallery } from "./gallery.ts";
import { pageHeader } from "./header.ts";
import { noticeLine } from "./notice-line.ts";
import type { PageCalls, PageView } from "./page-part.ts";
import {
  type Action,
  begin,
  type KeptState,
  keep,
  type PageState,
  update,
  type ViewName,
} from "./page-state.ts";
import { shownSource } from "./sources.ts";
import { views } from "./views.ts";
import { workLine } from "./work-line.ts";
import { zoomByKey } from "./zoom-controls.ts";

export interface Page {
  readonly elements: readonly HTMLElement[];
  hear(message: ToResults): void;
  /** Asks the editor for everything; the elements are in the document by now. */
  begin(): void;
}

interface Surroundings {
  /** What an earlier page of this panel has kept. */
  readonly kept: KeptState | undefined;
  keep(state: KeptState): void;
  tell(message: FromResults): void;
}

export function openPage({ kept, keep: keepState, tell }: Surroundings): Page {
  let state: PageState = begin(kept);
  const change = (by: ToResults | Action): void => {
    state = update(state, by);
    show();
  };
  const calls: PageCalls = { act: change, tell, refresh: () => show(), state: () => state };
  const stage = viewStage(calls);
  const header = pageHeader(calls, () => stage.view(state.view));
  const work = workLine(calls);
  const strip = gallery(calls);
  const notice = noticeLine(calls);
  stage.element.append(notice.element);
  // The header last: it says how large the view shows its picture.
  const parts = [work, strip, notice, stage, header];
  const show = (): void => {
    for (const part of parts) part.show(state);
    const next = keep(state);
    if (next !== undefined) keepState(next);
  };
  hearKeys(calls, () => stage.view(state.view));
  return {
    elements: [header.element, work.element, stage.element, strip.element, dropZone(calls)],
    hear: change,
    begin: () => {
      show();
      tell({ kind: "ready" });
    },
  };
}

/** The place of the views: one is shown, each is built when it is shown first. */
function viewStage(calls: PageCalls) {
  const opened = new Map<ViewName, PageView>();
  const empty = emptyPage(calls);
  const element = html("main", { id: "view", role: "tabpanel" }, empty.element);
  const viewOf = (name: ViewName): PageView => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const view = views[name].open(calls);
    opened.set(name, view);
    element.prepend(view.element);
    return view;
  };
  return {
    element,
    view: viewOf,
    show: (state: PageState): void => {
      const view = viewOf(state.view);
      const isEmpty = shownSource(state) === undefined;
      for (const one of opened.values()) one.element.hidden = one !== view || isEmpty;
      element.setAttribute("aria-labelledby", `tab-${state.view}`);
      empty.show(state);
      view.show(state);
    },
  };
}

/** Keys of the whole page: those of the zoom, and Escape, which leads back to the recipe. */
function hearKeys(calls: PageCalls, view: () => PageView): void {
  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (key === "Escape") calls.tell({ kind: "leave" });
    const isChooser = target instanceof HTMLSelectElement || target instanceof HTMLInputElement;
    if (!isChooser) zoomByKey(key, calls, view());
  });
}
