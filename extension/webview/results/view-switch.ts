// The switch between views: tabs, moved between by arrow keys.
import { html } from "../make-element.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import type { ViewName } from "./page-state.ts";
import { views } from "./views.ts";

/** The element that shows the view is labelled by the tab `tab-<view>`. */
export function viewSwitch({ act }: PageCalls): PagePart {
  const names = Object.keys(views) as readonly ViewName[];
  const tabs = names.map((view) => {
    const tab = html(
      "button",
      { type: "button", role: "tab", id: `tab-${view}`, "aria-controls": "view" },
      views[view].label,
    );
    tab.addEventListener("click", () => act({ kind: "view", view }));
    return tab;
  });
  const element = html("div", { class: "tabs", role: "tablist", "aria-label": "View" }, ...tabs);
  element.addEventListener("keydown", ({ key }) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const at = tabs.findIndex((tab) => tab.contains(document.activeElement));
    const next = (at + step + tabs.length) % tabs.length;
    const view = names[next];
    if (step === 0 || at < 0 || view === undefined) return;
    act({ kind: "view", view });
    tabs[next]?.focus();
  });
  return {
    element,
    show: ({ view }) => {
      for (const [index, tab] of tabs.entries()) {
        const isChosen = names[index] === view;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
      }
    },
  };
}
