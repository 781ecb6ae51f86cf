// The spectra of what can be looked at, each measured once. Knows no DOM.
import type { MeasuredSpectrum } from "./measure-messages.ts";

export interface SpectrumStore {
  /** Undefined while it is measured, and of a picture that cannot be loaded. */
  of(url: string): MeasuredSpectrum | undefined;
  /**
   * Measures what is not measured yet of the pictures at `wanted`, and forgets what is not among `all` that there is: a
   * preview's address is its bytes, and a run replaces hundreds.
   */
  want(wanted: readonly string[], all: readonly string[]): void;
}

/** Calls `onSpectrum` when one more is there. */
export function spectrumStore(
  measure: (url: string) => Promise<MeasuredSpectrum | undefined>,
  onSpectrum: () => void,
): SpectrumStore {
  const spectra = new Map<string, MeasuredSpectrum | undefined>();
  return {
    of: (url) => spectra.get(url),
    want: (wanted, all) => {
      const kept = new Set(all);
      for (const url of spectra.keys()) if (!kept.has(url)) spectra.delete(url);
      for (const url of wanted) {
        if (spectra.has(url)) continue;
        spectra.set(url, undefined);
        void measure(url).then((spectrum) => {
          // It may have been forgotten meanwhile.
          if (!spectra.has(url)) return;
          spectra.set(url, spectrum);
          onSpectrum();
        });
      }
    },
  };
}
