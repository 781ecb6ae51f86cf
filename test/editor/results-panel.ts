// The results panel, which is a page of its own inside the editor's: what it shows, and what is dropped on it.
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { webview } from "./editor-page.ts";

/** The picture, or the preview, that is shown large. */
export function picture(page: Page): Locator {
  return webview(page).locator("img.layer:visible").first();
}

/** Where the picture comes from: of a preview, its bytes; "" while there is none. */
async function sourceOf(image: Locator): Promise<string> {
  return (await image.count()) === 0 ? "" : ((await image.getAttribute("src")) ?? "");
}

/** Resolves when the picture has been `count` different previews. */
export async function previewsChange(page: Page, count: number): Promise<void> {
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      const source = await sourceOf(picture(page));
      if (source.startsWith("data:")) seen.add(source);
      return seen.size;
    })
    .toBeGreaterThanOrEqual(count);
}

/** Width and height in pixels of the file. */
export function sizeOf(image: Locator): Promise<[number, number]> {
  return image.evaluate(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]);
}

/** As when a file of the system is let go over `target`. */
export async function dropFile(
  target: Locator,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  const file = { name, base64: Buffer.from(bytes).toString("base64") };
  const dataTransfer = await target.evaluateHandle((element, { name, base64 }) => {
    const { DataTransfer, File } = element.ownerDocument.defaultView;
    const transfer = new DataTransfer();
    const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([content], name, { type: "image/png" }));
    return transfer;
  }, file);
  for (const type of ["dragenter", "dragover", "drop"])
    await target.dispatchEvent(type, { dataTransfer });
}

/** Drags a row of the explorer onto the panel with the mouse; with Shift, without which the editor would open the file. */
export async function dragWithShift(page: Page, row: Locator): Promise<void> {
  await row.hover();
  await page.mouse.down();
  await page.keyboard.down("Shift");
  // Several moves: the editor lets a panel have what is dragged when it sees Shift in one of them.
  const panel = await page.locator("iframe.webview.ready:visible").last().boundingBox();
  if (panel === null) throw new Error("There is no panel to be dropped on.");
  const middle = [panel.x + panel.width / 2, panel.y + panel.height / 2] as const;
  await page.mouse.move(...middle, { steps: 15 });
  await webview(page).locator(".drop.shown").waitFor();
  await page.mouse.up();
  await page.keyboard.up("Shift");
}
