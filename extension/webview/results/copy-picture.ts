// A picture into the clipboard; where the system takes none, its path.
import type { PageCalls } from "./page-part.ts";
import type { Source } from "./sources.ts";

/** Says in the page what became of it. */
export async function copyPicture(
  source: Source | undefined,
  { act, tell }: PageCalls,
): Promise<void> {
  if (source === undefined) return;
  try {
    // The promise goes in, for the clipboard must be asked while the click is fresh.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": toPng(source.url) })]);
    act({ kind: "notice", tone: "info", text: "The picture is in the clipboard." });
  } catch {
    if (source.picture !== null) tell({ kind: "copyPath", path: source.picture.path });
    else act({ kind: "notice", tone: "error", text: "The clipboard takes no pictures here." });
  }
}

async function toPng(url: string): Promise<Blob> {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
