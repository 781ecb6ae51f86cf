// A worker of the results page: takes pictures apart by their frequencies, which takes up to seconds, off the page's thread.
import { lumaOf, type Pixels } from "../../../daemon/measure/luma.ts";
import { radialSpectrum } from "../../../daemon/measure/radial-spectrum.ts";
import { spectrumSlope } from "../../../daemon/measure/spectrum-slope.ts";
import { splitBands } from "../../../daemon/measure/split-bands.ts";
import type { FromWorker, MeasuredSpectrum, ToWorker } from "./measure-messages.ts";
import { sizeAt } from "./size-at.ts";

/** What there is of a worker's own scope here; the page's types know none. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer: readonly Transferable[]): void;
  addEventListener(kind: "message", hear: (event: MessageEvent<ToWorker>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const pictures = new Map<string, Pixels>();
scope.addEventListener("message", ({ data }) => void answer(data));

async function answer(message: ToWorker): Promise<void> {
  if (message.kind === "picture") {
    pictures.set(message.name, pixelsOf(message.bitmap));
    return;
  }
  const { name } = message;
  const pixels = pictures.get(name);
  if (message.kind === "forget") pictures.delete(name);
  else if (pixels === undefined) return;
  else if (message.kind === "spectrum")
    scope.postMessage({ kind: "spectrum", name, spectrum: measure(pixels) }, []);
  else {
    const { low, high } = await bandsOf(pixels, message.share);
    scope.postMessage({ kind: "bands", name, low, high }, [low, high]);
  }
}

function pixelsOf(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("a canvas must have a context");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, channels: 4, values: context.getImageData(0, 0, width, height).data };
}

function measure(pixels: Pixels): MeasuredSpectrum {
  const spectrum = radialSpectrum(lumaOf(pixels));
  const { width, height } = pixels;
  return {
    ...spectrum,
    size: { width, height },
    slope: spectrumSlope(spectrum, { from: 0, to: 0.5 }),
  };
}

async function bandsOf(pixels: Pixels, share: number) {
  const { width, height } = pixels;
  const { low, high } = splitBands(pixels, sizeAt(pixels, share));
  return {
    low: await createImageBitmap(new ImageData(low, width, height)),
    high: await createImageBitmap(new ImageData(high, width, height)),
  };
}
