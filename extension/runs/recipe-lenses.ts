// What stands above each recipe: a pure function of its plan, its runs and the time. The editor's part only shows it.
import { shorten } from "../../daemon/base/shorten.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import type { FeedSnapshot } from "../client/run-feed.ts";
import type { PlannedRecipe } from "../plan-request/plan-request.ts";
import { documentsOf, type RecipeDocument } from "../plan-request/recipe-documents.ts";
import { ordinal } from "./ordinal.ts";
import { type Pace, secondsLeft } from "./pace.ts";
import { comparesMethods, runsByDocument } from "./recipe-runs.ts";
import { showDuration } from "./show-duration.ts";

export interface LensFacts {
  readonly recipes: readonly PlannedRecipe[];
  /** Of the recipes' file: its address as commands are told it, and its path. */
  readonly uri: string;
  readonly file: string;
  readonly feed: FeedSnapshot;
  /** Of a run that is painted. */
  pace(id: number): Pace | undefined;
  readonly isTrusted: boolean;
  readonly nowMs: number;
}

export interface RecipeLens {
  /** From 0. */
  readonly line: number;
  readonly title: string;
  readonly tooltip: string;
  /** One of the extension's commands, or of the editor's own. Not all are in the palette: `frecas.showFailure` needs a run. */
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** In the order that they stand in, document by document. */
export function recipeLenses(facts: LensFacts): readonly RecipeLens[] {
  const { file, feed } = facts;
  const documents = documentsOf(facts.recipes);
  const runsOf = runsByDocument(file, documents, feed.runs);
  return documents.flatMap((document) => {
    const runs = runsOf.get(document.name) ?? [];
    const active = runs.filter(isActive);
    const target = { uri: facts.uri, name: document.name };
    const lens = (command: string, title: string, tooltip: string, more = {}): RecipeLens => ({
      line: document.line,
      title,
      tooltip,
      command,
      arguments: [{ ...target, ...more }],
    });
    if (!facts.isTrusted) return [trustLens(document.line), ...planLens(document, lens)];
    return [
      ...(active.length > 0 ? activeLenses(active, document, facts, lens) : idleLenses(runs, lens)),
      ...planLens(document, lens),
      ...(active.length > 0 ? [] : compareLens(document, lens)),
      ...resultLenses(runs, active.length > 0, lens),
    ];
  });
}

type MakeLens = (command: string, title: string, tooltip: string, more?: object) => RecipeLens;

/** Whether a run waits or is painted. */
export const isActive = ({ state }: RunRecord): boolean =>
  state.kind === "running" || state.kind === "queued" || state.kind === "interrupted";

const trustLens = (line: number): RecipeLens => ({
  line,
  title: "Trust this workspace to generate",
  tooltip:
    "A recipe names files to read and to write, so none is run in a workspace that is not trusted.",
  command: "workbench.trust.manage",
  arguments: [],
});

function activeLenses(
  active: readonly RunRecord[],
  document: RecipeDocument,
  { feed, pace, nowMs }: LensFacts,
  lens: MakeLens,
): readonly RecipeLens[] {
  if (feed.link !== "up")
    return [
      lens(
        "frecas.goOn",
        "The daemon has ended · ▶ Go on",
        "Starts it again; runs go on from their last checkpoint.",
      ),
    ];
  const ids = active.map(({ id }) => id);
  const running = active.find(({ state }) => state.kind === "running");
  const others = active.length - (running === undefined ? 0 : 1);
  const stop = (title: string, tooltip: string): RecipeLens =>
    lens("frecas.stop", title, tooltip, { ids });
  if (running === undefined)
    return [stop(`${waitingWords(active, feed)} · ■ Stop`, "Takes it out of the queue.")];
  if (isStopping(running))
    return [
      stop(
        "■ Stopping after this step · Stop now",
        "Ends the run at once, in the middle of its step.",
      ),
    ];
  const left = leftWords(running, { pace: pace(running.id), document, nowMs });
  const more = others > 0 ? [`${others} more`] : [];
  const title = ["■ Stop", ...progressWords(running), ...left, ...more].join(" · ");
  return [
    stop(title, "Ends the run after its present step, and takes what waits out of the queue."),
  ];
}

const isStopping = ({ state }: RunRecord): boolean => state.kind === "running" && state.stopping;

function waitingWords(active: readonly RunRecord[], { waiting, paused }: FeedSnapshot): string {
  const ids = new Set(active.map(({ id }) => id));
  const place = waiting.findIndex((id) => ids.has(id)) + 1;
  if (paused) return `Waiting, the queue is paused`;
  return place <= 1 ? "Waiting, next" : `Waiting, ${ordinal(place)}`;
}

/** "stage 2/3", "step 4/10"; "opening the model" before the first step. */
function progressWords({ state, stages }: RunRecord): readonly string[] {
  if (state.kind !== "running") return [];
  const { progress } = state;
  if (progress === null) return ["opening the model"];
  return [
    `stage ${progress.stage + 1}/${stages.length}`,
    `step ${progress.step + 1}/${progress.steps}`,
  ];
}

/** By the run's own pace; before that by the plan's estimate. */
function leftWords(
  run: RunRecord,
  {
    pace,
    document,
    nowMs,
  }: { readonly pace: Pace | undefined; readonly document: RecipeDocument; readonly nowMs: number },
): readonly string[] {
  const paced = pace === undefined ? null : secondsLeft(pace, nowMs);
  if (paced !== null) return [`${showDuration(paced)} left`];
  const recipe = document.recipes.find(({ name }) => name === run.name);
  if (recipe?.kind !== "planned" || recipe.seconds === null || run.state.kind !== "running")
    return [];
  const passed = (nowMs - run.state.startedMs) / 1000;
  return [`~${showDuration(recipe.seconds - passed)} left`];
}

function idleLenses(runs: readonly RunRecord[], lens: MakeLens): readonly RecipeLens[] {
  const generate = lens(
    "frecas.generate",
    "▶ Generate",
    "Paints this recipe as it stands here, saved or not.",
  );
  const last = runs.at(-1);
  if (last?.state.kind !== "failed") return [generate];
  const { id } = last;
  const { message } = last.state;
  return [
    generate,
    lens("frecas.showFailure", `Failed: ${shorten(message, mostLetters)}`, message, { id }),
    lens("frecas.retry", "Retry", "Goes on from what had been finished.", { id }),
    lens("frecas.openLog", "Log", "What the daemon and its engine have written."),
  ];
}

const mostLetters = 90;

function planLens({ recipes }: RecipeDocument, lens: MakeLens): readonly RecipeLens[] {
  const refused = recipes.find((recipe) => recipe.kind === "refused");
  if (refused !== undefined)
    return [
      lens(
        "frecas.showPlan",
        `Cannot be painted: ${shorten(refused.why, mostLetters)}`,
        refused.why,
      ),
    ];
  const planned = recipes.filter((recipe) => recipe.kind === "planned");
  const last = planned.at(-1);
  if (last === undefined) return [];
  const seconds = planned
    .map((recipe) => recipe.seconds ?? Number.NaN)
    .reduce((sum, each) => sum + each, 0);
  const pictures = planned.flatMap(({ plan }) =>
    plan.prompts.flatMap(({ outputs }) => outputs),
  ).length;
  const size = last.plan.stages.at(-1)?.size;
  const steps = last.plan.stages.reduce((sum, stage) => sum + stage.steps.length, 0);
  const words = [
    "Plan",
    ...(pictures > 1 ? [`${pictures} pictures`] : []),
    ...(size === undefined ? [] : [`${size.width}×${size.height}`]),
    `${steps} steps`,
    ...(Number.isNaN(seconds) ? [] : [`~${showDuration(seconds)}`]),
  ];
  const warnings = planned.flatMap((recipe) => recipe.warnings);
  const tooltip = [
    "What will happen: stages, noise, cost, memory and time.",
    ...new Set(warnings),
  ].join("\n");
  return [
    lens(
      "frecas.showPlan",
      `${warnings.length > 0 ? "$(warning) " : ""}${words.join(" · ")}`,
      tooltip,
    ),
  ];
}

function compareLens(document: RecipeDocument, lens: MakeLens): readonly RecipeLens[] {
  const { recipes } = document;
  if (comparesMethods(document))
    return [
      lens(
        "frecas.compare",
        "Compare methods",
        "Paints this recipe by every method that fits its model, on the same seed, to look at them side by side.",
      ),
    ];
  const count = recipes.flatMap((recipe) =>
    recipe.kind === "planned" ? recipe.compares : [],
  ).length;
  if (count === 0) return [];
  return [
    lens(
      "frecas.compare",
      "Compare",
      "Paints this recipe and what its `compare` asks for, to look at them side by side.",
    ),
  ];
}

function resultLenses(
  runs: readonly RunRecord[],
  isBusy: boolean,
  lens: MakeLens,
): readonly RecipeLens[] {
  const shown = runs.findLast(({ pictures }) => pictures.length > 0);
  const painted = runs.findLast(({ state }) => state.kind === "running");
  const runId = (painted ?? shown)?.id;
  if (runId === undefined) return [];
  const show = lens("frecas.show", "Show", "Opens its pictures.", { runId });
  if (isBusy) return [show];
  return [
    show,
    lens("frecas.again", "↻ Again with a new seed", "Paints it once more; earlier pictures stay."),
  ];
}
