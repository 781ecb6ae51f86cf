// The grid of a comparison as data: its cells, what stands below each, and how they lie. Knows no DOM.
import type { ShownMember } from "../../panel/messages.ts";
import type { Layout, PageState } from "./page-state.ts";
import { allSources, fileName, previewUrl, type Source } from "./sources.ts";
import { showSeconds } from "./words.ts";
import type { Extent } from "./zoom.ts";

export interface Cell {
  /** A picture's path, or `run` with its number before there is one. */
  readonly key: string;
  /** What differs. */
  readonly label: string;
  /** What it cost, or what its run does. */
  readonly facts: string;
  /** Everything, for who cannot see it. */
  readonly spoken: string;
  /** Undefined before there is anything to see. */
  readonly url: string | undefined;
  /** Where it lies: pixels that all cells of the same proportions share, so that their zoom is linked. */
  readonly size: Extent;
  /** Null for what is on no disk. */
  readonly source: Source | null;
}

/** All pictures of the comparison in the order of its runs; a run without one has a cell too. */
export function cellsOf(state: PageState): readonly Cell[] {
  const reference = largest(state.members.map(({ size }) => size));
  const sources = new Map(allSources(state).map((source) => [source.key, source]));
  return state.members.flatMap((member): readonly Cell[] => {
    const found = member.pictures.flatMap((path) => sources.get(path) ?? []);
    const size = sharedSize(member.size, reference);
    const { label } = member;
    if (found.length === 0)
      return [
        {
          ...wordsOf(member, label),
          key: `run ${member.runId}`,
          url: preview(state, member),
          size,
          source: null,
        },
      ];
    return found.map((source) => ({
      ...wordsOf(member, found.length > 1 ? `${label} · ${fileName(source.key)}` : label),
      key: source.key,
      url: source.url,
      size,
      source,
    }));
  });
}

/** Two under a slider where there is no comparison. */
export function layoutOf(state: PageState): Layout {
  return state.layout === "grid" && cellsOf(state).length > 1 ? "grid" : "slider";
}

/** Its last one; the page keeps those of one run. */
function preview({ previews }: PageState, { runId }: ShownMember): string | undefined {
  const last = previews.findLast((one) => one.runId === runId);
  return last === undefined ? undefined : previewUrl(last);
}

function largest(sizes: readonly Extent[]): Extent {
  const area = ({ width, height }: Extent): number => width * height;
  return sizes.reduce((one, other) => (area(other) > area(one) ? other : one), {
    width: 1,
    height: 1,
  });
}

/** The same scale would show another part of a smaller picture; one of other proportions keeps its own. */
function sharedSize(own: Extent, reference: Extent): Extent {
  const isAlike =
    Math.abs((own.width * reference.height) / (own.height * reference.width) - 1) < 0.01;
  return isAlike ? reference : own;
}

function wordsOf(member: ShownMember, label: string): Pick<Cell, "label" | "facts" | "spoken"> {
  const { seconds, plan, engineBytes } = member;
  const steps = `${member.steps.join("+")} steps`;
  const planned =
    plan === null ? [] : [whole(workWords(plan)), whole(`${showBytes(plan.peakBytes)} planned`)];
  const gone = isPaintedOver(member) ? ["Painted over"] : [];
  const time = seconds === null ? stateWords(member) : showSeconds(seconds);
  const facts = [[...gone, time, whole(steps)].join("\u00a0· "), ...planned];
  const spokenPlan =
    plan === null
      ? []
      : [
          `${times(plan.cost)} the work of ${plan.of}`,
          `peak memory ${showBytes(plan.peakBytes)}, as planned`,
        ];
  const held = engineBytes === null ? [] : [`the engine has held ${showBytes(engineBytes)} so far`];
  const took = seconds === null ? stateWords(member) : `painted in ${showSeconds(seconds)}`;
  return {
    label,
    facts: facts.join("\n"),
    spoken: [label, ...gone, took, steps, ...spokenPlan, ...held].join(", "),
  };
}

/** Later runs have painted over all that it has: it ended well, so there was something. */
const isPaintedOver = ({ state, pictures }: ShownMember): boolean =>
  state === "done" && pictures.length === 0;

/** A longer name would not fit below a picture. */
const mostLetters = 12;

function workWords({ cost, of }: NonNullable<ShownMember["plan"]>): string {
  const work = `work ${times(cost)}`;
  return of.length <= mostLetters ? `${work} ${of}` : work;
}

/** What the numbers below the pictures mean; "" where there are none. */
export function legendOf({ members }: PageState): string {
  const of = members.find(({ plan }) => plan !== null)?.plan?.of;
  return of === undefined
    ? ""
    : `Time: of the whole run. Work: the network's operations, where ${of} has 1. GB: the most memory, as planned.`;
}

function stateWords({ state, why }: ShownMember): string {
  switch (state) {
    case "waiting":
      return "Waiting";
    case "running":
      return "Painted now";
    case "failed":
      return `Failed: ${why}`;
    case "cancelled":
      return "Stopped";
    case "done":
      return "Done";
    default:
      return state satisfies never;
  }
}

/** No line breaks within it. */
const whole = (words: string): string => words.replaceAll(" ", "\u00a0");

/** "6.07 ×": three digits. */
function times(ratio: number): string {
  return `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(ratio < 100 ? 1 : 0)} ×`;
}

/** Of 2^30 bytes. */
function showBytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GB`;
}

/** What a cell has besides its picture, in CSS pixels: its caption, and the gap to the next one. */
const captionHeight = 80;
const gap = 8;

/** How many columns show `count` pictures of these proportions largest in `room`, CSS pixels. */
export function columnsFor(count: number, room: Extent, picture: Extent): number {
  const scaleOf = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    const width = (room.width - gap * (columns - 1)) / columns;
    const height = (room.height - gap * (rows - 1)) / rows - captionHeight;
    return Math.min(width / picture.width, height / picture.height);
  };
  const choices = Array.from({ length: Math.max(1, count) }, (_, index) => index + 1);
  return choices.reduce((best, columns) => (scaleOf(columns) > scaleOf(best) ? columns : best), 1);
}
