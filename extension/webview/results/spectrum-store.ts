// The spectra of what can be looked at, each measured once. Knows no DOM.
import type { MeasuredSpectrum } from "./measure-messages.ts";

export interface SpectrumStore {
  /** Undefined while it is measured. */
  of(url: string): MeasuredSpectrum | "failed" | undefined;
  /**
   * Measures what is not measured yet of the pictures at `wanted`, and forgets what is not among `all` that there is: a
   * preview's address is its bytes, and a run replaces hundreds. What failed is tried again once others are wanted than
   * before, and not each time that the page is drawn.
   */
  want(wanted: readonly string[], all: readonly string[]): void;
}

/** Calls `onSpectrum` when one more is there. */
export function spectrumStore(
  measure: (url: string) => Promise<MeasuredSpectrum | undefined>,
  onSpectrum: () => void,
): SpectrumStore {
  const spectra = new Map<string, MeasuredSpectrum | "failed" | undefined>();
  let before: readonly string[] = [];
  return {
    of: (url) => spectra.get(url),
    want: (wanted, all) => {
      const kept = new Set(all);
      const isAnew = wanted.some((url, index) => url !== before[index]);
      before = wanted;
      for (const [url, known] of spectra)
        if (!kept.has(url) || (isAnew && known === "failed")) spectra.delete(url);
      for (const url of wanted) {
        if (spectra.has(url)) continue;
        spectra.set(url, undefined);
        void measure(url).then((spectrum) => {
          // It may have been forgotten meanwhile.
          if (!spectra.has(url)) return;
          spectra.set(url, spectrum ?? "failed");
          onSpectrum();
        });
      }
    },
  };
}
