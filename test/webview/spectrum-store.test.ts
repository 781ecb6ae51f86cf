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
  const answers: ((measured: MeasuredSpectrum | undefined) => void)[] = [];
  let told = 0;
  const store = spectrumStore(
    (url) => {
      asked.push(url);
      return new Promise((resolve) => answers.push(resolve));
    },
    () => {
      told += 1;
    },
  );
  const answer = async (measured: MeasuredSpectrum | null = spectrum): Promise<void> => {
    for (const one of answers.splice(0)) one(measured ?? undefined);
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

it("a picture that could not be measured is tried again once another one is looked at", async () => {
  const { store, asked, answer, told } = openStore();
  const all = ["a", "b"];
  store.want(["a", "b"], all);
  await answer(null);
  expect([store.of("a"), told()]).toEqual(["failed", 2]);
  store.want(["a", "b"], all);
  expect(asked).toEqual(["a", "b"]);
  store.want(["b", "a"], all);
  expect([store.of("a"), asked]).toEqual([undefined, ["a", "b", "b", "a"]]);
  await answer();
  expect([store.of("a"), store.of("b")]).toEqual([spectrum, spectrum]);
});
