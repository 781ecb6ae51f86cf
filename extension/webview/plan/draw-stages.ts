// The stages as boxes to scale, with arrows from each to the next.
import type { PlanFigure, StageFigure } from "../../plan-view/plan-messages.ts";
import { svg } from "../make-element.ts";
import { placeStages, type Rectangle, sayGrowth } from "./place-stages.ts";
import { toneOf } from "./tone-of.ts";

const boxHeight = 200;
const captionHeight = 44;
const gap = 56;
const mostGap = 110;
const column = 92;

/** `width` is that of the page's column, in pixels. */
export function drawStages({ stages }: PlanFigure, width: number): SVGSVGElement {
  const sizes = stages.map(({ size }) => size);
  const boxes = placeStages(sizes, { width: width - 2, height: boxHeight, gap, mostGap, column });
  const top = Math.min(...boxes.map(({ y }) => y));
  const height = boxHeight - top + captionHeight;
  const picture = svg("svg", { width, height, viewBox: `-1 ${top - 2} ${width} ${height}` });
  for (const [index, stage] of stages.entries()) {
    const box = boxes[index] as Rectangle;
    const next = boxes[index + 1];
    picture.append(drawStage(stage, box, index));
    if (next !== undefined) picture.append(drawArrow(box, next, stages, index));
  }
  return picture;
}

function drawStage(stage: StageFigure, box: Rectangle, index: number): SVGGElement {
  const { size, latent, steps, isGiven } = stage;
  const { x, y, width, height } = box;
  const middle = x + width / 2;
  const text = (line: number, className: string, words: string): SVGTextElement =>
    svg("text", { x: middle, y: y + height + 17 + 17 * line, class: className }, words);
  const work = isGiven ? "given" : steps === 1 ? "1 step" : `${steps} steps`;
  return svg(
    "g",
    { class: `stage ${toneOf(index)}${isGiven ? " given" : ""}` },
    svg("rect", { x, y, width, height, rx: 2, class: "box" }),
    ...drawTiles(stage, box),
    ...(width > 96 && height > 40
      ? [
          svg(
            "text",
            { x: middle, y: y + height / 2 + 4, class: "inside" },
            `latent ${latent.width}×${latent.height}`,
          ),
        ]
      : []),
    text(0, "size", `${size.width}×${size.height}`),
    text(1, "weak", work),
  );
}

/** Where the VAE decodes in tiles, their seams. */
function drawTiles({ tilePx, size }: StageFigure, box: Rectangle): readonly SVGLineElement[] {
  if (tilePx === null) return [];
  // Tiles overlap by a quarter.
  const stride = (tilePx * 3) / 4;
  const seams = (length: number): readonly number[] =>
    Array.from(
      { length: Math.max(0, Math.ceil(length / stride) - 1) },
      (_, seam) => (seam + 1) * stride,
    );
  const scale = box.width / size.width;
  const bottom = box.y + box.height;
  const right = box.x + box.width;
  return [
    ...seams(size.width).map((px) => {
      const x = box.x + px * scale;
      return svg("line", { x1: x, x2: x, y1: box.y, y2: bottom, class: "seam" });
    }),
    ...seams(size.height).map((px) => {
      const y = box.y + px * scale;
      return svg("line", { x1: box.x, x2: right, y1: y, y2: y, class: "seam" });
    }),
  ];
}

function drawArrow(
  from: Rectangle,
  to: Rectangle,
  stages: readonly StageFigure[],
  index: number,
): SVGGElement {
  const x1 = from.x + from.width + 7;
  const x2 = to.x - 7;
  const y = from.y + from.height / 2;
  const growth = sayGrowth(
    (stages[index] as StageFigure).size,
    (stages[index + 1] as StageFigure).size,
  );
  return svg(
    "g",
    { class: "arrow" },
    svg("path", { d: `M${x1} ${y}H${x2}m-5 -4 5 4 -5 4` }),
    svg("text", { x: (x1 + x2) / 2, y: y - 7, class: "weak" }, growth),
  );
}
