// What is shown where there is no picture yet: what to do to have one.
import { html } from "../make-element.ts";
import { setText, textButton } from "./controls.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import { shownSource } from "./sources.ts";

export function emptyPage({ tell }: PageCalls): PagePart {
  const title = html("h2");
  const words = html("p");
  const generate = textButton("Generate", {
    kind: "primary",
    onClick: () => tell({ kind: "generate" }),
  });
  const choose = textButton("Open a Picture’s Recipe…", {
    kind: "secondary",
    onClick: () => tell({ kind: "choosePicture" }),
  });
  const element = html(
    "div",
    { class: "empty" },
    title,
    words,
    html("div", { class: "choices" }, generate, choose),
    html(
      "p",
      { class: "hint" },
      "A PNG that is dropped here opens the recipe it was painted with.",
    ),
  );
  return {
    element,
    show: (state) => {
      const isKnown = state.pictures !== null;
      element.hidden = !isKnown || shownSource(state) !== undefined;
      const { kind } = state.work;
      const isBusy = kind === "running" || kind === "waiting";
      const isExpected = isBusy || kind === "lost";
      setText(title, isBusy ? "The first picture is on its way" : "Nothing painted yet");
      setText(
        words,
        isExpected
          ? "It appears here with the next step, and gets sharper from stage to stage."
          : "Put the cursor into the recipe and press Ctrl+Enter, or begin here.",
      );
      generate.hidden = isExpected;
    },
  };
}
