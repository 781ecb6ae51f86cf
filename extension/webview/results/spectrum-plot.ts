// The radial spectra of pictures as a plot: how much there is at each fineness, both axes logarithmic.
import { html, svg } from "../make-element.ts";
import { type LogAxes, logAxes, type Series } from "./log-axes.ts";

export interface SpectrumPlot {
  readonly element: HTMLElement;
  /** `missing` is called by labels, too: what could not be measured. `cutoff` in cycles a pixel, where the bands part. */
  show(series: readonly Series[], missing: readonly string[], cutoff: number): void;
}

const width = 640;
const height = 260;
const box = { left: 44, top: 10, right: 12, bottom: 36 };
const inner = { width: width - box.left - box.right, height: height - box.top - box.bottom };
const at = (x: number, y: number): { readonly x: number; readonly y: number } => ({
  x: box.left + x * inner.width,
  y: box.top + y * inner.height,
});

/** `move` is called with a frequency when the cutoff is dragged. */
export function spectrumPlot(move: (frequency: number) => void): SpectrumPlot {
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "plot", role: "img" });
  const legend = html("ul", { class: "legend" });
  const element = html("div", { class: "spectrum" }, legend, drawing);
  let axes = logAxes([]);
  hearDrag(drawing, (x) => move(axes.frequencyAt(x)));
  return {
    element,
    show: (series, missing, cutoff) => {
      axes = logAxes(series);
      drawing.replaceChildren(
        ...grid(axes),
        cutoffLine(axes, cutoff),
        ...series.map((one, index) => line(axes, one, index)),
      );
      drawing.setAttribute(
        "aria-label",
        `Radial spectrum of ${series.map(({ label }) => label).join(" and of ")}`,
      );
      legend.replaceChildren(
        ...series.map(({ label }, index) => legendItem(label, index)),
        ...missing.map(missingItem),
      );
    },
  };
}

/** `move` is told 0 to 1 from the left end of the axis. */
function hearDrag(drawing: SVGElement, move: (x: number) => void): void {
  const told = (event: PointerEvent): void => {
    const { left, width: wide } = drawing.getBoundingClientRect();
    move((((event.clientX - left) / wide) * width - box.left) / inner.width);
  };
  drawing.addEventListener("pointerdown", (event) => {
    drawing.setPointerCapture(event.pointerId);
    told(event);
  });
  drawing.addEventListener("pointermove", (event) => {
    if (drawing.hasPointerCapture(event.pointerId)) told(event);
  });
}

/** Wave lengths in pixels: 2 is the finest there is. */
const periods = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

function grid(axes: LogAxes): readonly SVGElement[] {
  const columns = periods.flatMap((period) => {
    const place = axes.x(1 / period);
    if (place < -1e-9) return [];
    const [top, bottom] = [at(place, 0), at(place, 1)];
    return [
      stroke("grid", top, bottom),
      words(`${period}`, { x: bottom.x, y: bottom.y + 14 }, "middle"),
    ];
  });
  const [bottom = 0] = axes.powers;
  const every = Math.ceil(axes.powers.length / 6);
  const rows = axes.powers.flatMap((power) => {
    if ((power - bottom) % every !== 0) return [];
    const [left, right] = [at(0, axes.y(10 ** power)), at(1, axes.y(10 ** power))];
    return [
      stroke("grid", left, right),
      words(`10${raised(power)}`, { x: left.x - 6, y: left.y + 4 }, "end"),
    ];
  });
  const name = words(
    "wave length in pixels: coarse … fine",
    { x: at(0.5, 1).x, y: height - 4 },
    "middle",
  );
  return [...columns, ...rows, name];
}

function line(axes: LogAxes, { frequencies, power }: Series, index: number): SVGElement {
  const points = [...frequencies].flatMap((frequency, ring) => {
    const here = power[ring] ?? 0;
    if (here <= 0) return [];
    const { x, y } = at(axes.x(frequency), axes.y(here));
    return [`${x.toFixed(1)},${y.toFixed(1)}`];
  });
  return svg("polyline", { class: `series series-${index}`, points: points.join(" ") });
}

function cutoffLine(axes: LogAxes, cutoff: number): SVGElement {
  const place = Math.max(0, axes.x(cutoff));
  return stroke("cutoff", at(place, 0), at(place, 1));
}

function legendItem(label: string, index: number): HTMLElement {
  return html("li", { class: `series-${index}` }, label);
}

function missingItem(label: string): HTMLElement {
  return html("li", { class: "missing" }, `${label}: its spectrum could not be computed here`);
}

function stroke(
  kind: string,
  from: { x: number; y: number },
  to: { x: number; y: number },
): SVGElement {
  return svg("line", { class: kind, x1: from.x, y1: from.y, x2: to.x, y2: to.y });
}

function words(text: string, { x, y }: { x: number; y: number }, anchor: string): SVGElement {
  return svg("text", { x, y, "text-anchor": anchor }, text);
}

const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power: number): string =>
  `${power < 0 ? "⁻" : ""}${[...`${Math.abs(power)}`].map((digit) => digits[Number(digit)]).join("")}`;
