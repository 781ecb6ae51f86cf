// What can be done to which runs: menus, the palette and keys all go by this table. Pure.
import type { FeedSnapshot } from "../client/run-feed.ts";
import type { Question } from "../runs/agrees.ts";
import type { RunContext } from "./describe-run.ts";
import type { RunNode } from "./run-tree.ts";

export type RunAction = "retry" | "cancel" | "remove" | "first" | "up" | "down";

/** `cancel` again of a run that is being stopped ends it at once. */
const appliesTo: Readonly<Record<RunAction, readonly RunContext[]>> = {
  retry: ["run-failed", "run-cancelled"],
  cancel: ["run-painted", "run-stopping", "run-waiting"],
  remove: ["run-waiting", "run-done", "run-failed", "run-cancelled"],
  first: ["run-waiting"],
  up: ["run-waiting"],
  down: ["run-waiting"],
};

/** The runs below these nodes, and the nodes themselves, that it can be done to; in their order, each once. */
export function runsFor(action: RunAction, nodes: readonly RunNode[]): readonly number[] {
  const below = (node: RunNode): readonly number[] => {
    if (node.kind !== "run") return node.children.flatMap(below);
    return appliesTo[action].includes(node.context) ? [node.run] : [];
  };
  return [...new Set(nodes.flatMap(below))];
}

/** How a command came by its runs. A selection may be an old one, with the focus elsewhere by now. */
export type ChosenBy = "click" | "selection" | "list";

export const picturesStay = "Their pictures stay where they are.";

const losing: Readonly<Partial<Record<RunAction, Readonly<Record<"verb" | "detail", string>>>>> = {
  cancel: { verb: "Cancel", detail: "They stay in the history, where they can be tried again." },
  remove: { verb: "Forget", detail: picturesStay },
};

/** What is asked first, or null: one run that the user pointed at is meant, and several may be a slip. `names` are the runs'. */
export function questionBefore(
  action: RunAction,
  names: readonly string[],
  by: ChosenBy,
): Question | null {
  const lost = losing[action];
  const [only] = names;
  if (lost === undefined || only === undefined) return null;
  const { verb, detail } = lost;
  if (names.length > 1)
    return {
      sentence: `${verb} ${names.length} runs?`,
      detail,
      yes: `${verb} ${names.length} Runs`,
    };
  return by === "selection" ? { sentence: `${verb} ${only}?`, detail, yes: `${verb} It` } : null;
}

/** The editor's context keys that the manifest's enablements read. */
export function contextValues(
  tree: readonly RunNode[],
  { paused, link }: Pick<FeedSnapshot, "paused" | "link">,
): Readonly<Record<string, boolean>> {
  const can = (action: RunAction): boolean => runsFor(action, tree).length > 0;
  return {
    "frecas.runs.known": link !== "off",
    "frecas.runs.paused": paused,
    "frecas.runs.canRetry": can("retry"),
    "frecas.runs.canCancel": can("cancel"),
    "frecas.runs.canRemove": can("remove"),
    "frecas.runs.canMove": can("first"),
    "frecas.runs.hasAny": tree.length > 0,
    "frecas.runs.hasHistory": tree.some(({ id }) => id === "history"),
  };
}
