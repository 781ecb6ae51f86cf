// Two bars: where the operations go, and how much of the machine's memory is taken.
import type { MemoryFigure, PlanFigure, WorkPart } from "../../plan-view/plan-messages.ts";
import { html, svg } from "../make-element.ts";
import { stackBar } from "./stack-bar.ts";
import { toneOf } from "./tone-of.ts";

const barHeight = 26;

/** Operations by part. Labels stand in parts that have room for them. */
export function drawWork({ work }: PlanFigure, width: number): SVGSVGElement {
  const { parts } = work;
  const spans = stackBar(
    parts.map(({ share }) => share),
    { width, whole: 1 },
  );
  return svg(
    "svg",
    { width, height: barHeight, viewBox: `0 0 ${width} ${barHeight}` },
    ...parts.map((part, index) => {
      const { x, width: w } = spans[index] ?? { x: 0, width: 0 };
      const words = `${part.label}, ${percent(part.share)}`;
      return svg(
        "g",
        { class: partTone(part) },
        svg("title", {}, words),
        svg("rect", { x, y: 0, width: Math.max(0.5, w - 1), height: barHeight, class: "part" }),
        ...(w > 46
          ? [svg("text", { x: x + w / 2, y: 17, class: "inside" }, percent(part.share))]
          : []),
      );
    }),
  );
}

/** A row's colour in the table beside the bar, as a small square. */
export const swatch = (part: WorkPart): HTMLElement =>
  html("span", { class: `swatch ${partTone(part)}`, "aria-hidden": "true" });

const partTone = ({ kind, stage }: WorkPart): string =>
  stage === null ? `tone-${kind}` : toneOf(stage);

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What the run takes at its largest; the mark is what is free. */
export function drawMemory({ parts, peak, available }: MemoryFigure, width: number): SVGSVGElement {
  const whole = Math.max(peak, available) * 1.02;
  const spans = stackBar(
    parts.map(({ bytes }) => bytes),
    { width, whole },
  );
  const mark = (width * available) / whole;
  const over = Math.max(0, (width * (peak - available)) / whole);
  return svg(
    "svg",
    { width, height: barHeight + 8, viewBox: `0 -4 ${width} ${barHeight + 8}` },
    svg("rect", { x: 0, y: 0, width: mark, height: barHeight, class: "room" }),
    ...parts.map(({ label, text }, index) => {
      const { x, width: w } = spans[index] ?? { x: 0, width: 0 };
      return svg(
        "g",
        { class: `tone-memory-${index}` },
        svg("title", {}, `${label}, ${text}`),
        svg("rect", { x, y: 0, width: Math.max(0.5, w - 1), height: barHeight, class: "part" }),
        ...(w > 66 ? [svg("text", { x: x + w / 2, y: 17, class: "inside" }, text)] : []),
      );
    }),
    ...(over > 0
      ? [svg("rect", { x: mark, y: 0, width: over, height: barHeight, class: "over" })]
      : []),
    svg("line", { x1: mark, x2: mark, y1: -4, y2: barHeight + 4, class: "limit" }),
  );
}
