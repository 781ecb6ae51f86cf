// The page's side of the worker that measures: one question at a time, and of bands only the newest one counts, so that a
// dragged cutoff never runs behind.
import type { FromWorker, MeasuredSpectrum, ToWorker } from "./measure-messages.ts";

/** The worker's script, which the build puts in: a page may start workers only from what it holds itself. */
declare const measureWorkerScript: string;

export interface Measure {
  /** Undefined for a picture that cannot be loaded or measured. */
  spectrum(url: string): Promise<MeasuredSpectrum | undefined>;
  /**
   * Calls `onBands` with the bands, the low one of `share` of the sides, or with undefined where there are none to be had;
   * not at all where other ones have been asked for meanwhile.
   */
  bands(url: string, share: number, onBands: (bands: Bands | undefined) => void): void;
}

interface Bands {
  readonly low: ImageBitmap;
  readonly high: ImageBitmap;
}

/** Pictures whose pixels the worker holds at most. */
const mostPictures = 3;

export function openMeasure(): Measure {
  const worker = startWorker();
  const held = new Map<string, Promise<boolean>>();
  const waiting = new Map<string, (spectrum: MeasuredSpectrum | undefined) => void>();
  let busy: { readonly onBands: (bands: Bands | undefined) => void } | undefined;
  let next: (() => void) | undefined;
  const send = (message: ToWorker, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);
  const goOn = (bands: Bands | undefined): void => {
    const isNewest = next === undefined;
    if (isNewest) busy?.onBands(bands);
    busy = undefined;
    next?.();
  };
  const endWaiting = (name: string, spectrum: MeasuredSpectrum | undefined): void => {
    waiting.get(name)?.(spectrum);
    waiting.delete(name);
  };
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "spectrum") return endWaiting(data.name, data.spectrum);
    if (data.kind === "bands") return goOn(data);
    // The next question brings its picture anew.
    held.delete(data.name);
    send({ kind: "forget", name: data.name });
    if (data.of === "spectrum") endWaiting(data.name, undefined);
    else goOn(undefined);
  });
  const hold = (url: string): Promise<boolean> => {
    const known = held.get(url);
    if (known !== undefined) return known;
    const loading = load(url).then((bitmap) => {
      if (bitmap === undefined) {
        held.delete(url);
        return false;
      }
      send({ kind: "picture", name: url, bitmap }, [bitmap]);
      return true;
    });
    held.set(url, loading);
    forgetOldest(held, send);
    return loading;
  };
  const measure = async (url: string): Promise<MeasuredSpectrum | undefined> => {
    if (!(await hold(url))) return undefined;
    return new Promise((resolve) => {
      waiting.set(url, resolve);
      send({ kind: "spectrum", name: url });
    });
  };
  return {
    spectrum: measure,
    bands: (url, share, onBands) => {
      const ask = async (): Promise<void> => {
        next = undefined;
        busy = { onBands };
        if (await hold(url)) send({ kind: "bands", name: url, share });
        else goOn(undefined);
      };
      if (busy === undefined) void ask();
      else next = () => void ask();
    },
  };
}

function startWorker(): Worker {
  const url = URL.createObjectURL(new Blob([measureWorkerScript], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

function forgetOldest(
  held: Map<string, Promise<boolean>>,
  send: (message: ToWorker) => void,
): void {
  const [oldest] = held.keys();
  if (held.size <= mostPictures || oldest === undefined) return;
  void held.get(oldest)?.then(() => send({ kind: "forget", name: oldest }));
  held.delete(oldest);
}

async function load(url: string): Promise<ImageBitmap | undefined> {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.src = url;
  try {
    await image.decode();
    return await createImageBitmap(image);
  } catch {
    return undefined;
  }
}
