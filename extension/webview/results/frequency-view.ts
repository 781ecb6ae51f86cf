// A picture by its frequencies: the two bands that guidance tells apart, side by side, and the radial spectrum beside that of
// the picture that it is compared with. All of it is measured in a worker.
import { html } from "../make-element.ts";
import { setText } from "./controls.ts";
import type { Series } from "./log-axes.ts";
import { openMeasure } from "./open-measure.ts";
import type { PageCalls, PageView } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import { sizeAt } from "./size-at.ts";
import { allSources, comparedSources, type Source, shownSource } from "./sources.ts";
import { spectrumPlot } from "./spectrum-plot.ts";
import { type SpectrumStore, spectrumStore } from "./spectrum-store.ts";
import type { Extent } from "./zoom.ts";

export function frequencyView(calls: PageCalls): PageView {
  const measure = openMeasure();
  const low = bandFigure("low");
  const high = bandFigure("high");
  setText(high.caption, "High band: the rest, 4 times as strong");
  let shown: Source | undefined;
  /** Of the picture's sides; null: where the plan parts the bands. */
  let chosen: number | null = null;
  const cutoff = cutoffSlider((share) => part(share));
  const plot = spectrumPlot((frequency) => part(2 * frequency));
  const spectra = spectrumStore(measure.spectrum, () => draw());
  const part = (share: number | null): void => {
    chosen = share;
    if (shown === undefined) return;
    const kept = shareOf(shown, chosen);
    cutoff.show(kept, shown.size);
    measure.bands(shown.url, kept, (bands) => {
      setText(low.caption, bands === undefined ? cannotPart : lowWords(bands.low, kept));
      low.paint(bands?.low);
      high.paint(bands?.high);
    });
    draw();
  };
  const draw = (): void => {
    if (shown === undefined) return;
    const others = comparedWith(calls.state(), shown);
    const drawn = [shown, ...others];
    plot.show(
      drawn.flatMap((source) => seriesOf(source, shown, spectra)),
      drawn.flatMap(({ url, label }) => (spectra.of(url) === "failed" ? [label] : [])),
      shareOf(shown, chosen) / 2,
    );
  };
  return {
    element: html(
      "div",
      { class: "frequency" },
      html("div", { class: "bands" }, low.element, high.element),
      cutoff.element,
      plot.element,
    ),
    show: (state) => {
      const source = shownSource(state);
      if (source === undefined) return;
      const isOther = source.url !== shown?.url;
      shown = source;
      const drawn = [source, ...comparedWith(state, source)];
      spectra.want(drawn.map(urlOf), allSources(state).map(urlOf));
      if (isOther) part(chosen);
      else draw();
    },
    viewport: () => undefined,
    shown: shownSource,
  };
}

const cannotPart = "The bands of this picture could not be computed here.";

function lowWords(bitmap: ImageBitmap, share: number): string {
  const { width, height } = sizeAt(bitmap, share);
  return `Low band: what survives at ${width} × ${height}`;
}

const urlOf = ({ url }: Source): string => url;

/** What the comparison has beside the picture that is shown, else the last stage before it. */
function comparedWith(state: PageState, shown: Source): readonly Source[] {
  const { before, after } = comparedSources(state);
  const stages = allSources(state).filter(({ picture }) => picture === null);
  const found = [state.before === null ? stages.at(-1) : before, after, before].find(
    (source) => source !== undefined && source.key !== shown.key,
  );
  return found === undefined ? [] : [found];
}

/** How much of the picture's sides the low band keeps: what is chosen, else where the plan parts the bands, else half. */
function shareOf({ size, picture }: Source, chosen: number | null): number {
  const planned = picture?.lowSize == null ? 0.5 : picture.lowSize.width / size.width;
  return Math.min(1, chosen ?? planned);
}

/** As if every picture were as large as the one that is shown, so that the same content lies at the same place. */
function seriesOf(
  source: Source,
  shown: Source | undefined,
  spectra: SpectrumStore,
): readonly Series[] {
  const spectrum = spectra.of(source.url);
  if (spectrum === undefined || spectrum === "failed" || shown === undefined) return [];
  const own = spectrum.size;
  const scale = own.width / shown.size.width;
  const pixels = (own.width * own.height) / (shown.size.width * shown.size.height);
  const slope =
    spectrum.slope === null ? "" : `, slope ${spectrum.slope.toFixed(2).replace("-", "−")}`;
  return [
    {
      label: `${source.label}${slope}`,
      frequencies: spectrum.frequencies.map((frequency) => frequency * scale),
      power: spectrum.power.map((power) => power / pixels),
    },
  ];
}

function bandFigure(band: "low" | "high") {
  const canvas = html("canvas", { role: "img", class: band });
  const caption = html("figcaption");
  const context = canvas.getContext("bitmaprenderer");
  return {
    element: html("figure", {}, canvas, caption),
    caption,
    paint: (bitmap: ImageBitmap | undefined): void => {
      canvas.hidden = bitmap === undefined;
      if (bitmap === undefined) return;
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      canvas.setAttribute("aria-label", caption.textContent ?? "");
      context?.transferFromImageBitmap(bitmap);
    },
  };
}

/** `change` is told the share of the picture's sides, or null for the plan's own. */
function cutoffSlider(change: (share: number | null) => void) {
  const input = html("input", { type: "range", min: "1", max: "100", step: "1" });
  input.addEventListener("input", () => change(Number(input.value) / 100));
  const reset = html("button", { type: "button", class: "secondary" }, "Where guidance parts them");
  reset.addEventListener("click", () => change(null));
  return {
    element: html("div", { class: "cutoff" }, html("label", {}, "Low band up to", input), reset),
    show: (share: number, size: Extent): void => {
      const { width, height } = sizeAt(size, share);
      const value = String(Math.round(share * 100));
      if (input.value !== value) input.value = value;
      input.setAttribute("aria-valuetext", `${width} by ${height} pixels`);
    },
  };
}
