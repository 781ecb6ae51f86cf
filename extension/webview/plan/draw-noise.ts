// The noise schedule: each stage rises from noise to picture, and falls back by what is put on it for the next one.
import type { NoiseFigure, PlanFigure } from "../../plan-view/plan-messages.ts";
import { svg } from "../make-element.ts";
import {
  alphaBarAt,
  type Frame,
  type NoisePlot,
  plotNoise,
  showLogSnr,
  sigmaAt,
} from "./plot-noise.ts";
import { toneOf } from "./tone-of.ts";

const plotHeight = 230;
const margin = { left: 46, right: 50, top: 40, bottom: 26 };

/** `width` is that of the page's column, in pixels. */
export function drawNoise({ noise }: PlanFigure, width: number): SVGSVGElement {
  const frame: Frame = {
    left: margin.left,
    top: margin.top,
    width: Math.max(80, width - margin.left - margin.right),
    height: plotHeight,
  };
  const height = margin.top + plotHeight + margin.bottom;
  const plot = plotNoise(noise.stages, frame);
  return svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}` },
    drawAxes(plot, noise, frame),
    ...plot.bands.map((band) => drawBand(band, noise, frame)),
    ...plot.jumps.map((jump) => drawJump(jump, plot, noise)),
  );
}

function drawAxes({ ticks }: NoisePlot, { symbol }: NoiseFigure, frame: Frame): SVGGElement {
  const { left, top, width, height } = frame;
  const right = left + width;
  const noiseAt = symbol === "ᾱ" ? alphaBarAt : sigmaAt;
  return svg(
    "g",
    { class: "axes" },
    ...ticks.flatMap(({ logSnr, y }) => [
      svg("line", { x1: left, x2: right, y1: y, y2: y, class: logSnr === 0 ? "even" : "grid" }),
      svg("text", { x: left - 8, y: y + 4, class: "tick end" }, String(logSnr).replace("-", "−")),
      svg("text", { x: right + 8, y: y + 4, class: "tick" }, showNoise(noiseAt(logSnr))),
    ]),
    svg("text", { x: 0, y: top - 22, class: "axis" }, "log-SNR"),
    svg("text", { x: right + 8, y: top - 22, class: "axis" }, symbol),
    svg("text", { x: left, y: top + height + 18, class: "hint" }, "↓ noise"),
    svg("text", { x: right, y: top + height + 18, class: "hint end" }, "steps, in order →"),
  );
}

/** Two digits that matter: ".98", ".003". */
function showNoise(value: number): string {
  const near = Math.min(value, 1 - value);
  const digits = near < 0.001 ? 4 : near < 0.01 ? 3 : 2;
  return value.toFixed(digits).replace(/^0/, "");
}

function drawBand(
  band: NoisePlot["bands"][number],
  { stages }: NoiseFigure,
  { top, height }: Frame,
): SVGGElement {
  const { stage, x, width, points } = band;
  const steps = stages[stage] ?? [];
  const line = points.map(
    (point, index) => `${index === 0 ? "M" : "L"}${round(point.x)} ${round(point.y)}`,
  );
  const radius = Math.min(3, Math.max(1.2, width / points.length / 3));
  const [first, last] = [steps[0]?.timestep, steps.at(-1)?.timestep];
  const span = first === last ? `t ${first}` : `t ${first} → ${last}`;
  const middle = x + width / 2;
  return svg(
    "g",
    { class: `band ${toneOf(stage)}` },
    svg("rect", { x, y: top, width, height, class: "back" }),
    svg("text", { x: middle, y: top - 22, class: "name" }, `stage ${stage + 1}`),
    svg("text", { x: middle, y: top - 7, class: "weak" }, span),
    svg("path", { d: line.join(""), class: "line" }),
    ...points.map((point, index) => {
      const { timestep, logSnr } = steps[index] ?? { timestep: 0, logSnr: 0 };
      const title = `step ${index + 1}: timestep ${timestep}, log-SNR ${showLogSnr(logSnr)}`;
      return svg(
        "circle",
        { cx: point.x, cy: point.y, r: radius, class: "dot" },
        svg("title", {}, title),
      );
    }),
  );
}

function drawJump(
  { into, from, to }: NoisePlot["jumps"][number],
  { bands }: NoisePlot,
  { jumps }: NoiseFigure,
): SVGGElement {
  const words = jumps.find((jump) => jump.into === into)?.label ?? "";
  // Under the line of the stage that ends, which is highest there.
  const above = bands.flatMap(({ points }) =>
    points.filter(({ x }) => x <= to.x && x > to.x - labelWidth),
  );
  const y = Math.max(...above.map((point) => point.y)) + 18;
  const fall = `M${round(from.x)} ${round(from.y + 5)}L${round(to.x)} ${round(to.y - 6)}`;
  return svg(
    "g",
    { class: "jump" },
    svg("path", { d: fall, class: "fall" }),
    svg("path", { d: arrowHead(from, to) }),
    svg("text", { x: to.x + 4, y, class: "end" }, words),
  );
}

const labelWidth = 80;

/** At the arrow's end, along its direction. */
function arrowHead(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const end = { x: to.x, y: to.y - 5 };
  const angle = Math.atan2(end.y - from.y, end.x - from.x);
  const wing = (turn: number): string => {
    const at = angle + Math.PI + turn;
    return `${round(end.x + 7 * Math.cos(at))} ${round(end.y + 7 * Math.sin(at))}`;
  };
  return `M${wing(0.45)}L${round(end.x)} ${round(end.y)}L${wing(-0.45)}`;
}

const round = (value: number): number => Number(value.toFixed(1));
