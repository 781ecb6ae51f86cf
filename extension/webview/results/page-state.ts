// What the page shows, as data: what the editor has said, and what was chosen here. Knows no DOM.
import type {
  ShownMaps,
  ShownMember,
  ShownPicture,
  ShownPreview,
  ShownWork,
  ToResults,
} from "../../panel/messages.ts";
import type { Zoom } from "./zoom.ts";

/** The views that the switch offers. */
export type ViewName = "picture" | "compare" | "frequency" | "attention";

export type Layout = "grid" | "slider";

export interface PageState {
  readonly recipe: { readonly uri: string; readonly name: string; readonly file: string } | null;
  /** Newest first; null before the editor has looked. */
  readonly pictures: readonly ShownPicture[] | null;
  readonly work: ShownWork;
  /** The run that was painted until there was nothing more to do; null before that, and once there is. */
  readonly ended: number | null;
  /** The same one, once its pictures have been told: those that were there before may lack some. */
  readonly painted: number | null;
  /** The last one of each stage of one run, the first stage first; they stay when it has ended. */
  readonly previews: readonly ShownPreview[];
  /** The runs that are looked at side by side. */
  readonly members: readonly ShownMember[];
  /** How the comparison lies: all of them side by side, or two under a slider. */
  readonly layout: Layout;
  /** The first one of two that are to be put under the slider: a cell's key. */
  readonly picked: string | null;
  readonly notice: { readonly tone: "info" | "error"; readonly text: string } | null;
  readonly view: ViewName;
  /** A source's key; null: what is newest. */
  readonly chosen: string | null;
  /** Sources' keys; null: what suits best. */
  readonly before: string | null;
  readonly after: string | null;
  /** The attention maps that were asked for last, and of which picture they are. */
  readonly maps: { readonly path: string; readonly maps: ShownMaps | null } | null;
  /** How much of the width shows what was before, 0 to 1. */
  readonly slider: number;
  readonly zoom: Zoom;
}

/** What is done in the page. */
export type Action =
  | { readonly kind: "view"; readonly view: ViewName }
  | { readonly kind: "choose"; readonly key: string | null }
  | { readonly kind: "compare"; readonly before: string | null; readonly after: string | null }
  | { readonly kind: "layout"; readonly layout: Layout }
  /** A cell of the grid: the second one that is picked is compared with the first. */
  | { readonly kind: "pick"; readonly key: string }
  | { readonly kind: "slide"; readonly share: number }
  | { readonly kind: "zoom"; readonly zoom: Zoom }
  | { readonly kind: "notice"; readonly tone: "info" | "error"; readonly text: string }
  | { readonly kind: "dismiss" };

export const emptyState: PageState = {
  recipe: null,
  pictures: null,
  work: { kind: "idle" },
  ended: null,
  painted: null,
  previews: [],
  members: [],
  layout: "slider",
  picked: null,
  maps: null,
  notice: null,
  view: "picture",
  chosen: null,
  before: null,
  after: null,
  slider: 0.5,
  zoom: { kind: "fit" },
};

/** The state after a message or an action. */
export function update(state: PageState, change: ToResults | Action): PageState {
  switch (change.kind) {
    case "recipe":
      return turnTo(state, change);
    case "pictures":
      return { ...state, pictures: change.pictures, painted: state.ended };
    case "work":
      return goOn(state, change.work);
    case "preview":
      return { ...state, previews: addPreview(state.previews, change.preview) };
    case "maps":
      return { ...state, maps: { path: change.path, maps: change.maps } };
    case "comparison":
      return { ...state, members: change.members };
    case "follow":
      return follow(state, change);
    case "notice":
      return { ...state, notice: { tone: change.tone, text: change.text } };
    default:
      return act(state, change);
  }
}

function goOn(state: PageState, next: ShownWork): PageState {
  if (next.kind !== "idle") return { ...state, work: next, ended: null, painted: null };
  const ended = state.work.kind === "running" ? state.work.runId : state.ended;
  return { ...state, work: next, ended };
}

type Follow = Extract<ToResults, { readonly kind: "follow" }>;

function follow(state: PageState, { view, path }: Follow): PageState {
  const next = { ...state, chosen: path, before: null, after: null, picked: null, view };
  return view === "compare" ? { ...next, layout: "grid" } : next;
}

function act(state: PageState, action: Exclude<Action, { readonly kind: "notice" }>): PageState {
  switch (action.kind) {
    case "view":
      return { ...state, view: action.view };
    case "choose":
      // In a comparison the gallery chooses what is compared with.
      return state.view === "compare"
        ? { ...state, after: action.key }
        : { ...state, chosen: action.key };
    case "compare":
      return { ...state, before: action.before, after: action.after };
    case "layout":
      return { ...state, layout: action.layout, picked: null };
    case "pick":
      return pick(state, action.key);
    case "slide":
      return { ...state, slider: Math.min(1, Math.max(0, action.share)) };
    case "zoom":
      return { ...state, zoom: action.zoom };
    case "dismiss":
      return { ...state, notice: null };
    default:
      return action satisfies never;
  }
}

/** The same one twice takes it back. */
function pick(state: PageState, key: string): PageState {
  const { picked } = state;
  if (picked === null) return { ...state, picked: key };
  if (picked === key) return { ...state, picked: null };
  return { ...state, picked: null, before: picked, after: key, layout: "slider" };
}

type Recipe = Extract<ToResults, { readonly kind: "recipe" }>;

/** Another recipe begins anew; the same one keeps what was chosen. Maps say themselves whose they are. */
function turnTo(state: PageState, { uri, name, file }: Recipe): PageState {
  const recipe = { uri, name, file };
  if (state.recipe?.uri === uri && state.recipe.name === name) return { ...state, recipe };
  return { ...emptyState, view: state.view, maps: state.maps, recipe };
}

function addPreview(
  previews: readonly ShownPreview[],
  preview: ShownPreview,
): readonly ShownPreview[] {
  const others = previews.filter(
    ({ runId, stage }) => runId === preview.runId && stage !== preview.stage,
  );
  return [...others, preview].sort((one, other) => one.stage - other.stage);
}

/** What the next window begins with. */
export type KeptState = Pick<
  PageState,
  "view" | "layout" | "chosen" | "before" | "after" | "slider" | "zoom"
> & {
  readonly target: { readonly uri: string; readonly name: string };
};

/** Undefined before a recipe is known. */
export function keep(state: PageState): KeptState | undefined {
  const { recipe, view, layout, chosen, before, after, slider, zoom } = state;
  if (recipe === null) return undefined;
  const target = { uri: recipe.uri, name: recipe.name };
  return { target, view, layout, chosen, before, after, slider, zoom };
}

/** The page's own state of an earlier time, which this version may not have written. */
export function begin(kept: KeptState | undefined): PageState {
  if (kept?.zoom === undefined) return emptyState;
  const { target, ...chosen } = kept;
  return { ...emptyState, ...chosen, recipe: { ...target, file: "" } };
}
