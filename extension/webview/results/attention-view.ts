// Which parts of the picture looked at which word of the prompt: the words as buttons, and the chosen one's map over the
// picture. The maps are those that the last stage reused.
import type { ShownMaps } from "../../panel/messages.ts";
import { html } from "../make-element.ts";
import { setText } from "./controls.ts";
import { heatMap } from "./heat-map.ts";
import type { PageCalls, PageView } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import { pictureLayer } from "./picture-layer.ts";
import { promptParts } from "./prompt-parts.ts";
import { type Source, shownSource } from "./sources.ts";
import { openSurface } from "./surface.ts";

export function attentionView(calls: PageCalls): PageView {
  const picture = pictureLayer(calls);
  const heat = html("canvas", { class: "layer heat", "aria-hidden": "true" });
  const surface = openSurface(calls);
  surface.element.setAttribute("aria-label", "Picture: arrow keys move it, + and - zoom");
  surface.element.append(picture.element, heat);
  const told = html("p", { class: "told", role: "status" });
  const words = wordButtons((maps, index) => {
    heat.hidden = index === null;
    if (index !== null) setText(told, paintHeat(heat, maps, index));
    else setText(told, "Choose a word to see which parts of the picture looked at it.");
  });
  const opacity = opacitySlider((share) => {
    heat.style.opacity = String(share);
  });
  const place = (): void => {
    const state = calls.state();
    const size = shownSource(state)?.size;
    if (size !== undefined) surface.place([picture.element, heat], size, state.zoom);
  };
  const ask = asker(calls);
  return {
    element: html(
      "div",
      { class: "attention" },
      words.element,
      surface.element,
      html("div", { class: "below" }, opacity, told),
    ),
    show: (state) => {
      const source = shownSource(state);
      ask(source);
      picture.show(source?.url, source?.label ?? "");
      const maps = mapsOf(state, source);
      words.show(maps);
      opacity.hidden = maps === null;
      if (maps === null) {
        heat.hidden = true;
        setText(told, whyNone(state, source));
      }
      place();
    },
    viewport: surface.viewport,
    shown: shownSource,
  };
}

/** Asks the editor for maps, once a picture: one that is painted over another has another source. */
function asker({ tell }: PageCalls): (source: Source | undefined) => void {
  let asked: string | undefined;
  return (source) => {
    const picture = source?.picture;
    if (picture?.hasMaps !== true || picture.source === asked) return;
    asked = picture.source;
    tell({ kind: "maps", path: picture.path });
  };
}

function mapsOf({ maps }: PageState, source: Source | undefined): ShownMaps | null {
  const picture = source?.picture;
  return picture?.hasMaps === true && maps?.path === picture.path ? maps.maps : null;
}

function whyNone({ maps }: PageState, source: Source | undefined): string {
  if (source?.picture == null) return "Attention maps can be seen once the picture is painted.";
  if (!source.picture.hasMaps || maps?.path === source.picture.path)
    return "No attention maps are kept of this picture: it was painted in one stage or without reuse, outside the queue, or so long ago that newer runs took their place.";
  return "Reading the attention maps …";
}

/** `choose` is called with the place of a word, or null where none is chosen. */
function wordButtons(choose: (maps: ShownMaps, index: number | null) => void) {
  const element = html("div", {
    class: "prompt",
    role: "group",
    "aria-label": "Words of the prompt",
  });
  let shown: ShownMaps | null = null;
  let chosen: number | null = null;
  let buttons: readonly HTMLButtonElement[] = [];
  const press = (maps: ShownMaps, index: number | null): void => {
    chosen = index;
    for (const [at, button] of buttons.entries())
      button.setAttribute("aria-pressed", String(at === index));
    choose(maps, index);
  };
  const buttonOf = (maps: ShownMaps, text: string, index: number): HTMLButtonElement => {
    const button = html("button", { type: "button", class: "word", "aria-pressed": "false" }, text);
    button.addEventListener("click", () => press(maps, index === chosen ? null : index));
    return button;
  };
  return {
    element,
    show: (maps: ShownMaps | null): void => {
      if (maps === shown) return;
      const isSamePrompt = maps !== null && maps.prompt === shown?.prompt;
      shown = maps;
      element.hidden = maps === null;
      if (maps === null) return;
      const parts = promptParts(maps.prompt, maps.words).map((part) =>
        part.kind === "word" ? buttonOf(maps, part.text, part.index) : part.text,
      );
      buttons = parts.filter((part) => typeof part !== "string");
      element.replaceChildren(...parts);
      press(maps, isSamePrompt ? chosen : null);
    },
  };
}

/** What is said of the map. */
function paintHeat(canvas: HTMLCanvasElement, maps: ShownMaps, index: number): string {
  const { grid, prompt, words, values } = maps;
  const cells = grid.width * grid.height;
  const { rgba, least, most } = heatMap(values.subarray(index * cells, (index + 1) * cells));
  [canvas.width, canvas.height] = [grid.width, grid.height];
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, grid.width, grid.height), 0, 0);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const { start, end } = words[index] ?? { start: 0, end: 0 };
  return `“${prompt.slice(start, end)}” has ${percent(least)} of the attention where it has least, ${percent(most)} where it has most.`;
}

function opacitySlider(change: (share: number) => void): HTMLElement {
  const input = html("input", { type: "range", min: "0", max: "100", value: "80" });
  const show = (): void => {
    input.setAttribute("aria-valuetext", `${input.value} percent`);
    change(Number(input.value) / 100);
  };
  input.addEventListener("input", show);
  show();
  return html("label", { class: "opacity" }, "Map over the picture", input);
}
