// Where a picture lies in its viewport: zoom and pan as arithmetic, without DOM. Offsets and sizes are CSS pixels; a scale
// is screen pixels a picture's pixel, so that 1 is the picture as it is on any screen.

/** `x` and `y`, 0 to 1, are the place of the picture that lies in the middle of the viewport. */
export type Zoom =
  | { readonly kind: "fit" }
  | { readonly kind: "scale"; readonly scale: number; readonly x: number; readonly y: number };

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** CSS pixels. */
  readonly viewport: Extent;
  /** The picture's own pixels. */
  readonly picture: Extent;
  /** Screen pixels a CSS pixel. */
  readonly pixelRatio: number;
}

/** A rectangle in the viewport. */
export interface Placed extends Extent {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

const leastScale = 0.02;
const mostScale = 32;
/** CSS pixels that stay free around a picture that is shown as a whole. */
const margin = 12;
/** A small picture is not blown up further than this to fill its viewport. */
const mostFit = 2;

/** From this scale on pixels are shown as squares. */
export const pixelatedAbove = 2;

/** The whole picture in the middle, or the part that `zoom` says; a picture never leaves the viewport. */
export function placePicture(zoom: Zoom, frame: Frame): Placed {
  const scale = zoom.kind === "fit" ? fitScale(frame) : zoom.scale;
  const width = (frame.picture.width * scale) / frame.pixelRatio;
  const height = (frame.picture.height * scale) / frame.pixelRatio;
  const middle = zoom.kind === "fit" ? { x: 0.5, y: 0.5 } : zoom;
  return {
    left: offset(frame.viewport.width, width, middle.x),
    top: offset(frame.viewport.height, height, middle.y),
    width,
    height,
    scale,
  };
}

function fitScale({ viewport, picture, pixelRatio }: Frame): number {
  const width = (viewport.width - 2 * margin) / picture.width;
  const height = (viewport.height - 2 * margin) / picture.height;
  const scale = pixelRatio * Math.min(width, height);
  return Math.min(mostFit, Math.max(leastScale, scale));
}

function offset(room: number, length: number, middle: number): number {
  if (length <= room) return (room - length) / 2;
  return Math.min(0, Math.max(room - length, room / 2 - middle * length));
}

/** Larger or smaller by `factor`; what lies at `point` of the viewport stays there. */
export function zoomBy(
  zoom: Zoom,
  frame: Frame,
  {
    factor,
    point,
  }: { readonly factor: number; readonly point?: { readonly x: number; readonly y: number } },
): Zoom {
  const { scale } = placePicture(zoom, frame);
  return zoomTo(zoom, frame, { scale: scale * factor, ...(point === undefined ? {} : { point }) });
}

/** At this scale; what lies at `point` of the viewport, its middle where none is given, stays there. */
export function zoomTo(
  zoom: Zoom,
  frame: Frame,
  {
    scale: wanted,
    point,
  }: { readonly scale: number; readonly point?: { readonly x: number; readonly y: number } },
): Zoom {
  const { viewport, picture, pixelRatio } = frame;
  const placed = placePicture(zoom, frame);
  const scale = Math.min(mostScale, Math.max(leastScale, wanted));
  const at = point ?? { x: viewport.width / 2, y: viewport.height / 2 };
  const width = (picture.width * scale) / pixelRatio;
  const height = (picture.height * scale) / pixelRatio;
  const left = at.x - ((at.x - placed.left) / placed.width) * width;
  const top = at.y - ((at.y - placed.top) / placed.height) * height;
  return settle(
    { scale, x: (viewport.width / 2 - left) / width, y: (viewport.height / 2 - top) / height },
    frame,
  );
}

/** Moved by CSS pixels. What is shown as a whole stays where it is. */
export function panBy(
  zoom: Zoom,
  frame: Frame,
  by: { readonly x: number; readonly y: number },
): Zoom {
  if (zoom.kind === "fit") return zoom;
  const { width, height } = placePicture(zoom, frame);
  return settle({ scale: zoom.scale, x: zoom.x - by.x / width, y: zoom.y - by.y / height }, frame);
}

/** The middle that is really shown, so that moving back begins at once after a move beyond the edge. */
function settle(
  { scale, x, y }: { readonly scale: number; readonly x: number; readonly y: number },
  frame: Frame,
): Zoom {
  const { left, top, width, height } = placePicture({ kind: "scale", scale, x, y }, frame);
  const { viewport } = frame;
  return {
    kind: "scale",
    scale,
    x: (viewport.width / 2 - left) / width,
    y: (viewport.height / 2 - top) / height,
  };
}
