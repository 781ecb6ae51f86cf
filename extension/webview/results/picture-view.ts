// One picture, or what the run that is painted looks like by now.
import type { PageCalls, PageView } from "./page-part.ts";
import { pictureLayer } from "./picture-layer.ts";
import { type Source, shownSource } from "./sources.ts";
import { openSurface } from "./surface.ts";
import { spokenPicture } from "./words.ts";

export function pictureView(calls: PageCalls): PageView {
  const layer = pictureLayer(calls);
  const surface = openSurface(calls);
  surface.element.append(layer.element);
  surface.element.setAttribute("aria-label", "Picture: arrow keys move it, + and - zoom");
  return {
    element: surface.element,
    show: (state) => {
      const source = shownSource(state);
      layer.show(source?.url, source === undefined ? "" : spoken(source));
      if (source !== undefined) surface.place([layer.element], source.size, state.zoom);
    },
    viewport: surface.viewport,
    shown: (state) => shownSource(state),
  };
}

function spoken(source: Source): string {
  return source.picture === null ? `${source.label}, preview` : spokenPicture(source.picture);
}
