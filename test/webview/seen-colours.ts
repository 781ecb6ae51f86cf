// Colours as they are seen in a page.
import type { Page } from "playwright-core";

/** The red of the page at a place, 0 to 255. */
export async function redAt(page: Page, x: number, y: number): Promise<number> {
  const shot = await page.screenshot({ clip: { x, y, width: 4, height: 4 } });
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const context = new OffscreenCanvas(4, 4).getContext("2d");
    context?.drawImage(image, 0, 0);
    return context?.getImageData(1, 1, 1, 1).data[0] ?? -1;
  }, shot.toString("base64"));
}

/** The least contrast of these elements' words with the nearest background, as WCAG 2 defines it. Runs in the page. */
export function leastContrast(elements: readonly Element[]): number {
  const channels = (colour: string): readonly number[] =>
    (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element: Element | null): string => {
    if (element === null) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return (channels(backgroundColor)[3] ?? 1) < 1
      ? behind(element.parentElement)
      : backgroundColor;
  };
  const contrasts = elements.map((element) => {
    const pair = [light(getComputedStyle(element).color), light(behind(element))];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  });
  return Math.min(...contrasts);
}
