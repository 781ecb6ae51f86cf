// The strip of the recipe's results, the run that is painted first: a list box, one choice, arrow keys.
import type { ShownPicture, ShownWork } from "../../panel/messages.ts";
import { html } from "../make-element.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import { placeChildren } from "./place-children.ts";
import { comparedSources, liveSource, shownSource } from "./sources.ts";
import { openThumbnails, type Thumbnails } from "./thumbnails.ts";
import { captionOf, spokenPicture } from "./words.ts";

interface Tile {
  readonly element: HTMLElement;
  readonly caption: HTMLElement;
  readonly thumbnail: HTMLCanvasElement;
}

/** The key of the first tile while a run is painted: choosing it follows what is newest. */
const live = "";

export function gallery(calls: PageCalls): PagePart {
  const element = html("div", {
    class: "gallery",
    role: "listbox",
    "aria-label": "Results",
    "aria-orientation": "horizontal",
  });
  const thumbnails = openThumbnails(element);
  const tiles = new Map<string, Tile>();
  const choose = (key: string | undefined): void => {
    if (key === undefined) return;
    calls.act({ kind: "choose", key: key === live ? null : key });
    tiles.get(key)?.element.focus();
  };
  hearKeys(element, choose);
  const tileOf = (key: string): Tile => {
    const known = tiles.get(key);
    if (known !== undefined) return known;
    const tile = openTile(key, choose);
    tiles.set(key, tile);
    return tile;
  };
  return {
    element,
    show: (state) => {
      const wanted = wantedTiles(state);
      for (const key of [...tiles.keys()])
        if (!wanted.some((one) => one.key === key)) tiles.delete(key);
      const elements = wanted.map((one) => {
        const tile = tileOf(one.key);
        showTile(tile, one, thumbnails);
        return tile.element;
      });
      // The way in by keyboard: the choice, else the first one.
      const entry = wanted.findIndex(({ isChosen }) => isChosen);
      for (const [index, one] of elements.entries())
        one.tabIndex = index === Math.max(0, entry) ? 0 : -1;
      placeChildren(element, elements);
      element.hidden = elements.length === 0;
    },
  };
}

type RunningWork = Extract<ShownWork, { readonly kind: "running" }>;

interface WantedTile {
  readonly key: string;
  readonly url: string | undefined;
  readonly caption: readonly string[];
  readonly label: string;
  readonly isChosen: boolean;
}

function wantedTiles(state: PageState): readonly WantedTile[] {
  const nowMs = Date.now();
  const isCompared = state.view === "compare";
  const chosen = (isCompared ? comparedSources(state).after : shownSource(state))?.key;
  const choice = isCompared ? state.after : state.chosen;
  const pictures = (state.pictures ?? []).map((picture: ShownPicture) => ({
    key: picture.path,
    url: picture.source,
    caption: captionOf(picture, nowMs),
    label: spokenPicture(picture),
    isChosen: picture.path === chosen,
  }));
  if (state.work.kind !== "running") return pictures;
  const { width, height } = state.work.size;
  const source = liveSource(state);
  const isChosen = choice === null || pictures.every((one) => !one.isChosen);
  return [
    {
      key: live,
      url: source?.url,
      caption: ["Painted now", `${width} × ${height}`, placeWords(state.work)],
      label: "The run that is painted now",
      isChosen,
    },
    ...pictures.map((one) => ({ ...one, isChosen: one.isChosen && !isChosen })),
  ];
}

function placeWords({ place, stages }: RunningWork): string {
  return place === null ? "Opening the model" : `Stage ${place.stage + 1} of ${stages.length}`;
}

function openTile(key: string, choose: (key: string) => void): Tile {
  const thumbnail = html("canvas", { "aria-hidden": "true" });
  const caption = html("div", { class: "caption" });
  const element = html(
    "div",
    { class: key === live ? "tile live" : "tile", role: "option", "data-key": key },
    thumbnail,
    caption,
  );
  element.addEventListener("click", () => choose(key));
  return { element, caption, thumbnail };
}

function showTile(
  { element, caption, thumbnail }: Tile,
  { url, caption: words, label, isChosen }: WantedTile,
  thumbnails: Thumbnails,
): void {
  if (caption.textContent !== words.join(""))
    caption.replaceChildren(...words.map((line) => html("div", {}, line)));
  element.setAttribute("aria-label", label);
  element.setAttribute("aria-selected", String(isChosen));
  if (url !== undefined) thumbnails.show(thumbnail, url);
}

function hearKeys(element: HTMLElement, choose: (key: string | undefined) => void): void {
  element.addEventListener("keydown", (event) => {
    const options = [...element.children] as HTMLElement[];
    const at = options.findIndex((option) => option.contains(document.activeElement));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: options.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    const option = options[Math.min(options.length - 1, Math.max(0, next))];
    choose(option?.dataset["key"]);
    option?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}
