// What the runs view holds: the queue in its order, then what has ended, by recipe. Pure: a snapshot of the feed → nodes.
import { basename } from "node:path";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import {
  describeEnded,
  describeQueued,
  endedMs,
  type RunWords,
  type Words,
} from "./describe-run.ts";

/** The runs as the feed knows them. */
interface KnownRuns {
  readonly paused: boolean;
  /** In the order that they were submitted in. */
  readonly runs: readonly RunRecord[];
  /** Runs that wait, first comes first. */
  readonly waiting: readonly number[];
}

/** `id` is the same for the same thing in every tree. */
export type RunNode = SectionNode | RecipeNode | SingleRunNode;

interface SectionNode {
  readonly kind: "section";
  readonly id: "queue" | "history";
  readonly label: string;
  readonly description: string;
  readonly context: "queue" | "queue-paused" | "history";
  readonly children: readonly RunNode[];
}

/** The runs of one recipe that have ended. */
interface RecipeNode {
  readonly kind: "recipe";
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  readonly context: "recipe";
  /** Whether it is open before anybody has opened or closed it: the newest one is. */
  readonly isOpen: boolean;
  readonly children: readonly RunNode[];
}

interface SingleRunNode extends RunWords {
  readonly kind: "run";
  readonly id: string;
  readonly run: number;
  readonly opens: Opens;
  readonly children: readonly [];
}

/** What a click leads to. */
type Opens =
  | { readonly kind: "results"; readonly file: string; readonly name: string }
  | { readonly kind: "picture"; readonly path: string }
  | { readonly kind: "failure" }
  | { readonly kind: "nothing" };

/** The history from tree to tree. What has ended changes no more, and there may be hundreds of it. */
export interface KeptHistory {
  /** The same node as before for the same runs on the same day; of others, those runs are described that are new. */
  nodeOf(ended: readonly RunRecord[], words: Words): SectionNode;
}

export function keepHistory(): KeptHistory {
  let today: string | undefined;
  let last: { readonly ended: readonly RunRecord[]; readonly node: SectionNode } | undefined;
  let nodes = new WeakMap<RunRecord, SingleRunNode>();
  return {
    nodeOf: (ended, words) => {
      if (today !== words.today) {
        last = undefined;
        nodes = new WeakMap();
        ({ today } = words);
      }
      if (last !== undefined && sameRuns(last.ended, ended)) return last.node;
      const node = historyNode(ended, (run) => {
        const known = nodes.get(run) ?? runNode(run, describeEnded(run, words));
        nodes.set(run, known);
        return known;
      });
      last = { ended, node };
      return node;
    },
  };
}

/** Whether they are the very same records: one that has changed is another object. */
const sameRuns = (some: readonly RunRecord[], others: readonly RunRecord[]): boolean =>
  some.length === others.length && some.every((run, index) => run === others[index]);

/** No nodes where there are no runs. */
export function runTree(
  known: KnownRuns,
  words: Words,
  history: KeptHistory = keepHistory(),
): readonly RunNode[] {
  if (known.runs.length === 0) return [];
  const byId = new Map(known.runs.map((run) => [run.id, run]));
  const waiting = known.waiting.flatMap((id) => byId.get(id) ?? []);
  const painted = known.runs.filter(({ state }) => state.kind === "running");
  const ended = known.runs.filter(({ state }) => "endedMs" in state);
  return [
    queueNode(known.paused, { painted, waiting }, words),
    ...(ended.length === 0 ? [] : [history.nodeOf(ended, words)]),
  ];
}

/** What the view says besides its nodes: a sentence above them, and how many runs are painted or wait. */
export function viewState(known: KnownRuns & { readonly link: "off" | "up" | "lost" }): {
  readonly message: string;
  readonly active: number;
} {
  const { link, paused, runs } = known;
  const active = runs.filter(({ state }) => !("endedMs" in state)).length;
  if (runs.length === 0) return { message: "", active };
  if (link === "lost")
    return {
      message: "The daemon has ended; the runs are as they were. The next command starts it again.",
      active,
    };
  const message = paused ? "Paused: what is painted goes on, and nothing else begins." : "";
  return { message, active };
}

function queueNode(
  paused: boolean,
  runs: { readonly painted: readonly RunRecord[]; readonly waiting: readonly RunRecord[] },
  words: Words,
): SectionNode {
  const { painted, waiting } = runs;
  const waits = waiting.length === 0 ? "" : `${waiting.length} waiting`;
  const state = paused ? "paused" : painted.length + waiting.length === 0 ? "empty" : "";
  return {
    kind: "section",
    id: "queue",
    label: "Queue",
    description: [state, waits].filter((part) => part !== "").join(" · "),
    context: paused ? "queue-paused" : "queue",
    children: [
      ...painted.map((run) => runNode(run, describeQueued(run, null, words))),
      ...waiting.map((run, index) => runNode(run, describeQueued(run, index + 1, words))),
    ],
  };
}

type MakeNode = (run: RunRecord) => SingleRunNode;

function historyNode(ended: readonly RunRecord[], nodeOf: MakeNode): SectionNode {
  const newestFirst = [...ended].sort((a, b) => endedMs(b) - endedMs(a) || b.id - a.id);
  const byRecipe = new Map<string, RunRecord[]>();
  for (const run of newestFirst) {
    const key = JSON.stringify([run.file, run.name]);
    const runs = byRecipe.get(key);
    if (runs === undefined) byRecipe.set(key, [run]);
    else runs.push(run);
  }
  return {
    kind: "section",
    id: "history",
    label: "History",
    description: counted(ended.length, "run"),
    context: "history",
    children: [...byRecipe].map(([key, runs], index) => ({
      ...recipeNode(key, runs, nodeOf),
      isOpen: index === 0,
    })),
  };
}

function recipeNode(
  key: string,
  runs: readonly RunRecord[],
  nodeOf: MakeNode,
): Omit<RecipeNode, "isOpen"> {
  const [newest] = runs as readonly [RunRecord];
  const { file, name } = newest;
  const place = file === null ? "from no file" : basename(file);
  return {
    kind: "recipe",
    id: `recipe-${key}`,
    label: name,
    description: runs.length === 1 ? place : `${place} · ${counted(runs.length, "run")}`,
    tooltip: file === null ? [name] : [name, file],
    context: "recipe",
    children: runs.map(nodeOf),
  };
}

const runNode = (run: RunRecord, looks: RunWords): SingleRunNode => ({
  kind: "run",
  id: `run-${run.id}`,
  run: run.id,
  opens: opensOf(run),
  children: [],
  ...looks,
});

function opensOf({ file, name, state, pictures }: RunRecord): Opens {
  if (state.kind === "failed") return { kind: "failure" };
  if (file !== null) return { kind: "results", file, name };
  const path = pictures.at(-1)?.path;
  return path === undefined ? { kind: "nothing" } : { kind: "picture", path };
}

const counted = (count: number, word: string): string =>
  count === 1 ? `1 ${word}` : `${count} ${word}s`;
