// The page's content. Drawings are made anew where the plan or the width is another one; what is open, chosen, focused
// or scrolled to stays.
import type { FromPlanPage, PlanFigure, PlanViewState } from "../../plan-view/plan-messages.ts";
import { html } from "../make-element.ts";
import { drawMemory, drawWork, swatch } from "./draw-bars.ts";
import { drawNoise } from "./draw-noise.ts";
import { drawStages } from "./draw-stages.ts";
import { makeFacts, makeStepTable, makeTable } from "./make-table.ts";

export interface PlanPage {
  show(state: PlanViewState): void;
  /** The page's width has changed. */
  fit(): void;
}

type Send = (message: FromPlanPage) => void;

/** Fills `page`. */
export function drawPlan(page: HTMLElement, send: Send): PlanPage {
  const notice = html("p", { class: "notice", role: "status" });
  const choice = html("select", { id: "recipe", "aria-label": "Recipe of the sweep" });
  const body = html("div");
  page.append(notice, body);
  let state: PlanViewState = { kind: "nothing", why: "" };
  let drawn = "";
  const draw = (): void => {
    const figure = state.kind === "shown" ? chosenOf(state.figures, choice) : undefined;
    const key = JSON.stringify([
      figure,
      page.clientWidth,
      state.kind === "shown" && state.figures.length,
    ]);
    if (key === drawn) return;
    drawn = key;
    try {
      keepingFocus(body, () =>
        body.replaceChildren(...(figure ? content(figure, { page, choice, send }) : [])),
      );
    } catch (error) {
      // Never the plan before, which would pass for this one; the same is tried again when it comes again.
      drawn = "";
      body.replaceChildren(html("p", { class: "warning" }, "This plan cannot be drawn."));
      console.error(error);
    }
  };
  choice.addEventListener("change", draw);
  return {
    show: (next) => {
      state = next;
      const words = next.kind === "shown" ? next.stale : next.why;
      const isOld = next.kind === "shown" && next.stale !== null;
      notice.replaceChildren(words ?? "", ...(isOld ? [html("br"), oldPlan()] : []));
      notice.hidden = words === null || words === "";
      body.classList.toggle("stale", isOld);
      if (next.kind === "shown") offer(choice, next.figures);
      draw();
    },
    fit: draw,
  };
}

const oldPlan = (): HTMLElement =>
  html("span", { class: "weak" }, "Below is the plan before that.");

/** The figure that is chosen by name, or the first. */
function chosenOf(
  figures: readonly PlanFigure[],
  choice: HTMLSelectElement,
): PlanFigure | undefined {
  return figures.find(({ name }) => name === choice.value) ?? figures[0];
}

function offer(choice: HTMLSelectElement, figures: readonly PlanFigure[]): void {
  const before = choice.value;
  choice.replaceChildren(...figures.map(({ name }) => html("option", {}, name)));
  choice.hidden = figures.length < 2;
  if (figures.some(({ name }) => name === before)) choice.value = before;
}

/** Focus and open details are found again by their ids. */
function keepingFocus(body: HTMLElement, draw: () => void): void {
  const focused = document.activeElement?.id ?? "";
  const open = [...body.querySelectorAll("details[open]")].map(({ id }) => id);
  const top = document.documentElement.scrollTop;
  draw();
  for (const id of open) body.querySelector(`#${id}`)?.setAttribute("open", "");
  if (focused !== "") document.getElementById(focused)?.focus();
  document.documentElement.scrollTop = top;
}

interface Around {
  readonly page: HTMLElement;
  readonly choice: HTMLSelectElement;
  readonly send: Send;
}

function content(figure: PlanFigure, { page, choice, send }: Around): readonly HTMLElement[] {
  const style = getComputedStyle(page);
  const width = Math.max(
    240,
    page.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight),
  );
  return [
    heading(figure, choice, send),
    ...figure.warnings.map((warning) => html("p", { class: "warning" }, warning)),
    makeFacts(figure.keys, "keys"),
    section(
      "Stages",
      drawing(drawStages(figure, width), sayStages(figure)),
      makeTable(figure.stageTable, { id: "stage-table", caption: "Stages" }),
    ),
    section(
      "Noise",
      drawing(drawNoise(figure, width), figure.noise.summary),
      html(
        "details",
        { id: "steps" },
        html("summary", { id: "steps-summary" }, "Every step as a table"),
        makeStepTable(figure.noise),
      ),
    ),
    section(
      "Work",
      drawing(drawWork(figure, width), sayWork(figure)),
      makeTable(figure.work.table, {
        id: "work-table",
        caption: "Work by part",
        before: ([label]) =>
          figure.work.parts.filter((part) => part.label === label).map((part) => swatch(part)),
        hasSum: true,
      }),
    ),
    memorySection(figure, width),
    section("Seeds and pictures", makeFacts(figure.facts, "facts")),
  ];
}

function heading({ name, subtitle }: PlanFigure, choice: HTMLElement, send: Send): HTMLElement {
  const button = html("button", { id: "generate", type: "button" }, "▶ Generate");
  button.addEventListener("click", () => send({ kind: "generate", name }));
  return html(
    "header",
    {},
    html("div", {}, html("h1", {}, name), html("p", { class: "subtitle" }, subtitle)),
    html("div", { class: "actions" }, choice, button),
  );
}

function memorySection({ memory }: PlanFigure, width: number): HTMLElement {
  const legend = memory.parts.map(({ label, text }, index) =>
    html(
      "li",
      {},
      html("span", { class: `swatch tone-memory-${index}`, "aria-hidden": "true" }),
      `${label}, ${text}`,
    ),
  );
  return section(
    "Memory",
    drawing(drawMemory(memory, width), memory.summary),
    html("p", {}, memory.summary),
    ...(memory.advice === null ? [] : [html("p", { class: "warning" }, memory.advice)]),
    html("ul", { class: "legend" }, ...legend),
    ...(memory.measures.length === 0
      ? []
      : [html("p", { class: "weak" }, `To need less: ${memory.measures.join("; ")}.`)]),
  );
}

function section(title: string, ...content: readonly Node[]): HTMLElement {
  return html("section", {}, html("h2", {}, title), ...content);
}

/** A picture to those who see it, a sentence to those who do not. */
function drawing(picture: SVGSVGElement, words: string): HTMLElement {
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", words);
  return html("figure", {}, picture);
}

function sayStages({ stages }: PlanFigure): string {
  const all = stages.map(({ size, steps }) => `${size.width} by ${size.height} in ${steps} steps`);
  return `Boxes to scale: ${all.join(", then ")}.`;
}

function sayWork({ work }: PlanFigure): string {
  return `${work.parts.map(({ label, share }) => `${label} ${Math.round(100 * share)} %`).join(", ")}.`;
}
