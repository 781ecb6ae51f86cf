// The viewport that pictures lie in: wheel, drag and keys zoom and pan; layers are laid where the zoom says. All layers
// share one frame, so a preview and the picture it becomes lie on each other.
import { html } from "../make-element.ts";
import type { PageCalls } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import {
  type Extent,
  type Frame,
  type Placed,
  panBy,
  pixelatedAbove,
  placePicture,
  type Zoom,
  zoomBy,
  zoomTo,
} from "./zoom.ts";

export interface Surface {
  readonly element: HTMLElement;
  /** CSS pixels. */
  viewport(): Extent;
  /** Lays the layers into the viewport; `size` is the picture's own. */
  place(layers: readonly HTMLElement[], size: Extent, zoom: Zoom): Placed;
}

/** How far a key moves the picture, in CSS pixels. */
const keyStep = 48;
/** How much a key zooms. */
export const zoomStep = 1.25;
/** How much a pixel of the wheel zooms, as a power. */
const wheelPower = 0.0018;

/** Keys of the surface are those that move; the page has the others. */
export function openSurface(calls: PageCalls): Surface {
  const element = html("div", { class: "surface", tabindex: "0", role: "group" });
  let size: Extent = { width: 1, height: 1 };
  const viewport = (): Extent => ({ width: element.clientWidth, height: element.clientHeight });
  const frame = (): Frame => ({
    viewport: viewport(),
    picture: size,
    pixelRatio: devicePixelRatio,
  });
  const zoomed = (change: (zoom: Zoom, frame: Frame) => Zoom): void =>
    calls.act({ kind: "zoom", zoom: change(calls.state().zoom, frame()) });
  hearWheel(element, zoomed);
  hearDrag(element, zoomed);
  hearArrows(element, zoomed);
  element.addEventListener("dblclick", () => calls.act(toggled(calls.state(), frame())));
  new ResizeObserver(() => calls.refresh()).observe(element);
  return {
    element,
    viewport,
    place: (layers, picture, zoom) => {
      size = picture;
      const placed = placePicture(zoom, frame());
      for (const layer of layers) lay(layer, placed);
      element.classList.toggle("movable", zoom.kind === "scale");
      return placed;
    },
  };
}

type Change = (change: (zoom: Zoom, frame: Frame) => Zoom) => void;

function hearWheel(element: HTMLElement, zoomed: Change): void {
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const point = { x: event.clientX - left, y: event.clientY - top };
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
      const factor = Math.exp(-event.deltaY * lines * wheelPower);
      zoomed((zoom, frame) => zoomBy(zoom, frame, { factor, point }));
    },
    { passive: false },
  );
}

function hearDrag(element: HTMLElement, zoomed: Change): void {
  let last: { readonly x: number; readonly y: number } | undefined;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.defaultPrevented) return;
    last = { x: event.clientX, y: event.clientY };
    element.setPointerCapture(event.pointerId);
    element.classList.add("moving");
  });
  element.addEventListener("pointermove", (event) => {
    if (last === undefined) return;
    const by = { x: event.clientX - last.x, y: event.clientY - last.y };
    last = { x: event.clientX, y: event.clientY };
    zoomed((zoom, frame) => panBy(zoom, frame, by));
  });
  const end = (): void => {
    last = undefined;
    element.classList.remove("moving");
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}

const arrows: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: keyStep, y: 0 },
  ArrowRight: { x: -keyStep, y: 0 },
  ArrowUp: { x: 0, y: keyStep },
  ArrowDown: { x: 0, y: -keyStep },
};

function hearArrows(element: HTMLElement, zoomed: Change): void {
  element.addEventListener("keydown", (event) => {
    const by = arrows[event.key];
    if (by === undefined || event.target !== element) return;
    event.preventDefault();
    zoomed((zoom, frame) => panBy(zoom, frame, by));
  });
}

/** The whole picture, or its own pixels where the whole is shown. */
function toggled(
  { zoom }: PageState,
  frame: Frame,
): { readonly kind: "zoom"; readonly zoom: Zoom } {
  return {
    kind: "zoom",
    zoom: zoom.kind === "fit" ? zoomTo(zoom, frame, { scale: 1 }) : { kind: "fit" },
  };
}

function lay(layer: HTMLElement, { left, top, width, height, scale }: Placed): void {
  layer.style.transform = `translate(${left}px, ${top}px)`;
  layer.style.width = `${width}px`;
  layer.style.height = `${height}px`;
  layer.classList.toggle("pixelated", scale > pixelatedAbove);
}
