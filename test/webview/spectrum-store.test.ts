// Which spectra the frequency view keeps.
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import type { MeasuredSpectrum } from "../../extension/webview/results/measure-messages.ts";
import { spectrumStore } from "../../extension/webview/results/spectrum-store.ts";

const spectrum: MeasuredSpectrum = {
  frequencies: Float64Array.of(0.25),
  power: Float64Array.of(1),
  size: { width: 2, height: 2 },
  slope: null,
};

/** A store whose measurements end when the test says so. */
function openStore() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  let told = 0;
  const store = spectrumStore(
    (url) => {
      asked.push(url);
      return new Promise((resolve) => answers.push(() => resolve(spectrum)));
    },
    () => {
      told += 1;
    },
  );
  const answer = async (): Promise<void> => {
    for (const one of answers.splice(0)) one();
    await setImmediate();
  };
  return { store, asked, answer, told: () => told };
}

it("a picture is measured once", async () => {
  const { store, asked, answer, told } = openStore();
  const all = ["a", "b"];
  store.want(["a", "b"], all);
  store.want(["a"], all);
  expect(store.of("a")).toBeUndefined();
  await answer();
  store.want(["a", "b"], all);
  expect([store.of("a"), store.of("b")]).toEqual([spectrum, spectrum]);
  expect([asked, told()]).toEqual([["a", "b"], 2]);
});

it("of a preview that has been replaced nothing is kept", async () => {
  const { store, answer } = openStore();
  store.want(["picture", "preview 1"], ["picture", "preview 1"]);
  await answer();
  store.want(["preview 2"], ["picture", "preview 2"]);
  expect([store.of("picture"), store.of("preview 1")]).toEqual([spectrum, undefined]);
});

it("nor of one that was replaced while it was measured", async () => {
  const { store, answer, told } = openStore();
  store.want(["preview 1"], ["preview 1"]);
  store.want([], ["preview 2"]);
  await answer();
  expect([store.of("preview 1"), told()]).toEqual([undefined, 0]);
});
