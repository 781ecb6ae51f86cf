// A sentence about what was just done, or could not be done.
import { html } from "../make-element.ts";
import { iconButton, setText } from "./controls.ts";
import { icon } from "./icons.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import type { PageState } from "./page-state.ts";

/** How long a sentence stays that nobody must act on. */
const shownMs = 6000;

export function noticeLine({ act }: PageCalls): PagePart {
  const text = html("span");
  const close = iconButton(icon("close"), {
    label: "Close this message",
    onClick: () => act({ kind: "dismiss" }),
  });
  const element = html(
    "div",
    { class: "notice", role: "status", "aria-live": "polite" },
    text,
    close,
  );
  let shown: PageState["notice"] = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    show: ({ notice }) => {
      if (notice === shown) return;
      shown = notice;
      clearTimeout(timer);
      element.classList.toggle("shown", notice !== null);
      close.tabIndex = notice === null ? -1 : 0;
      if (notice === null) return;
      element.dataset["tone"] = notice.tone;
      setText(text, notice.text);
      if (notice.tone === "info") timer = setTimeout(() => act({ kind: "dismiss" }), shownMs);
    },
  };
}
