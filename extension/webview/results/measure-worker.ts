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

type Question = Extract<ToWorker, { readonly kind: "spectrum" | "bands" }>;

const scope = globalThis as unknown as WorkerScope;
const pictures = new Map<string, Pixels>();
scope.addEventListener("message", ({ data }) => void hear(data));

/** Every question has an answer: the page waits for it. */
async function hear(message: ToWorker): Promise<void> {
  try {
    if (message.kind === "picture") pictures.set(message.name, pixelsOf(message.bitmap));
    else if (message.kind === "forget") pictures.delete(message.name);
    else await answer(message);
  } catch (error) {
    console.warn(error);
    if (message.kind === "spectrum" || message.kind === "bands")
      scope.postMessage({ kind: "failed", name: message.name, of: message.kind }, []);
  }
}

async function answer(question: Question): Promise<void> {
  const { name } = question;
  const pixels = pictures.get(name);
  if (pixels === undefined) throw new Error("a picture must have come before it is measured");
  if (question.kind === "spectrum")
    scope.postMessage({ kind: "spectrum", name, spectrum: measure(pixels) }, []);
  else {
    const { low, high } = await bandsOf(pixels, question.share);
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
