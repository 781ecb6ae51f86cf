// The page's head: which recipe, which view, how large, and what can be done with the picture.
import { html } from "../make-element.ts";
import { iconButton, setText } from "./controls.ts";
import { copyPicture } from "./copy-picture.ts";
import { icon } from "./icons.ts";
import type { PageCalls, PagePart, PageView } from "./page-part.ts";
import type { Source } from "./sources.ts";
import { viewSwitch } from "./view-switch.ts";
import { zoomControls } from "./zoom-controls.ts";

/** `view` is the one that is shown. */
export function pageHeader(calls: PageCalls, view: () => PageView): PagePart {
  const name = html("h1");
  const file = html("span", { class: "file" });
  const parts = [viewSwitch(calls), zoomControls(calls, view), pictureActions(calls, view)];
  const [views, ...tools] = parts.map((part) => part.element);
  return {
    element: html(
      "header",
      {},
      html("div", { class: "title" }, name, file),
      ...(views === undefined ? [] : [views]),
      html("div", { class: "tools" }, ...tools),
    ),
    show: (state) => {
      // All recipes of a file are called by it.
      const recipe = state.recipe ?? { name: "", file: "" };
      setText(name, recipe.name || recipe.file);
      setText(file, recipe.name && recipe.file);
      for (const part of parts) part.show(state);
    },
  };
}

function pictureActions(calls: PageCalls, view: () => PageView): PagePart {
  const shown = (): Source | undefined => view().shown(calls.state());
  const ask = (kind: "openRecipe" | "saveAs" | "reveal") => (): void => {
    const path = shown()?.picture?.path;
    if (path !== undefined) calls.tell({ kind, path });
  };
  const ofFile = [
    iconButton(icon("recipe"), {
      label: "Open the recipe that made it",
      onClick: ask("openRecipe"),
    }),
    iconButton(icon("save"), { label: "Save as…", onClick: ask("saveAs") }),
    iconButton(icon("reveal"), { label: "Reveal the file", onClick: ask("reveal") }),
  ];
  const copy = iconButton(icon("copy"), {
    label: "Copy the picture",
    onClick: () => void copyPicture(shown(), calls),
  });
  const [recipe, ...others] = ofFile as [HTMLButtonElement, ...HTMLButtonElement[]];
  return {
    element: html(
      "div",
      { class: "group", role: "toolbar", "aria-label": "The picture" },
      recipe,
      copy,
      ...others,
    ),
    show: () => {
      const source = shown();
      copy.disabled = source === undefined;
      for (const button of ofFile) button.disabled = source?.picture == null;
    },
  };
}
