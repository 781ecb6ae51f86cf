// A picture that changes its source without a blank moment: the next one is decoded before it is shown.
import { html } from "../make-element.ts";
import type { PageCalls } from "./page-part.ts";

export interface PictureLayer {
  readonly element: HTMLImageElement;
  /** Shows `url` as soon as it is decoded; undefined shows nothing. */
  show(url: string | undefined, label: string): void;
}

/** Where a picture cannot be loaded the editor is asked to look again: it may be gone. */
export function pictureLayer({ tell }: PageCalls): PictureLayer {
  const element = html("img", { class: "layer", draggable: "false", alt: "" });
  element.hidden = true;
  let wanted: string | undefined;
  return {
    element,
    show: (url, label) => {
      if (element.alt !== label) element.alt = label;
      if (url === wanted) return;
      wanted = url;
      if (url === undefined) {
        element.hidden = true;
        element.removeAttribute("src");
        return;
      }
      void loaded(url).then((isLoaded) => {
        if (wanted !== url) return;
        if (!isLoaded && !url.startsWith("data:")) tell({ kind: "look" });
        element.src = url;
        element.hidden = !isLoaded;
      });
    },
  };
}

async function loaded(url: string): Promise<boolean> {
  const next = new Image();
  next.crossOrigin = "anonymous";
  next.src = url;
  try {
    await next.decode();
    return true;
  } catch {
    return false;
  }
}
