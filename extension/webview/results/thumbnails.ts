// Small copies of pictures, drawn once they are in sight: a strip of large pictures would hold each of them decoded.

export interface Thumbnails {
  /** Draws the picture at `url` into the canvas, now or once the canvas is in sight. */
  show(canvas: HTMLCanvasElement, url: string): void;
}

/** Pixels of the longer side: twice of what the strip shows. */
const longSide = 192;

/** `strip` is what scrolls. */
export function openThumbnails(strip: HTMLElement): Thumbnails {
  const wanted = new WeakMap<Element, string>();
  const drawn = new WeakMap<Element, string>();
  const seen = new WeakSet<Element>();
  let last: Promise<void> = Promise.resolve();
  const draw = (canvas: HTMLCanvasElement): void => {
    const url = wanted.get(canvas);
    if (url === undefined || drawn.get(canvas) === url) return;
    drawn.set(canvas, url);
    // One after the other, so that a long strip does not decode all at once.
    last = last.then(() => drawSmall(canvas, url)).catch(() => undefined);
  };
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
        if (isIntersecting) draw(target as HTMLCanvasElement);
      }
    },
    { root: strip, rootMargin: "200px" },
  );
  return {
    show: (canvas, url) => {
      if (!wanted.has(canvas)) watch.observe(canvas);
      wanted.set(canvas, url);
      if (seen.has(canvas)) draw(canvas);
    },
  };
}

async function drawSmall(canvas: HTMLCanvasElement, url: string): Promise<void> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, longSide / Math.max(naturalWidth, naturalHeight));
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
}
