// Which runs of a recipe are a comparison, how they differ, and what each of them cost.
import { shorten } from "../../daemon/base/shorten.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { printedLines } from "../../daemon/recipe/printed-keys.ts";
import type { ShownMember } from "./messages.ts";
import { type Painters, picturesLeft } from "./painters.ts";

/** More runs than that are a long list, which nobody sees side by side. */
const mostMembers = 24;

/** The newest of these runs that were submitted together; none where there are no two such. */
export function comparedRuns(runs: readonly RunRecord[]): readonly RunRecord[] {
  const groups = new Map<number, RunRecord[]>();
  for (const run of runs) {
    const group = groups.get(run.submittedMs);
    if (group === undefined) groups.set(run.submittedMs, [run]);
    else group.push(run);
  }
  const isComparison = (group: readonly RunRecord[]): boolean =>
    group.length > 1 && group.length <= mostMembers;
  return [...groups.values()].findLast(isComparison) ?? [];
}

/** `plans` are those that are known, by the runs' numbers; `painters` are of all runs, for others may have painted since. */
export function describeComparison(
  runs: readonly RunRecord[],
  plans: ReadonlyMap<number, Plan>,
  painters: Painters,
): readonly ShownMember[] {
  const labels = labelsOf(runs, plans);
  const at = runs.findIndex(({ id }) => plans.get(id)?.method === "frecas");
  const base = Math.max(0, at);
  const basePlan = plans.get(runs[base]?.id ?? 0);
  return runs.map((run, index) => {
    const { id, state, size, stages } = run;
    const plan = plans.get(id);
    return {
      runId: id,
      label: labels[index] ?? run.name,
      state: stateOf(run),
      why: state.kind === "failed" ? state.message : "",
      size,
      steps: stages.map(({ steps }) => steps),
      pictures: picturesLeft(run, painters),
      seconds: state.kind === "done" ? state.seconds : null,
      engineBytes: state.kind === "done" ? state.peakBytes : null,
      plan:
        plan === undefined || basePlan === undefined
          ? null
          : {
              cost: networkCost(plan) / networkCost(basePlan),
              of: labels[base] ?? "",
              peakBytes: plan.memory.peak,
            },
    };
  });
}

function stateOf({ state }: RunRecord): ShownMember["state"] {
  return state.kind === "queued" || state.kind === "interrupted" ? "waiting" : state.kind;
}

/** Floating point operations of the network, over all prompts. */
function networkCost({ cost, prompts }: Plan): number {
  return prompts.length * cost.denoiserByStage.reduce((sum, each) => sum + each, 0);
}

type Keys = ReadonlyMap<string, string>;

/** The method where no two are the same, else the keys that are not the same in all; a run's name where no plan tells. */
function labelsOf(runs: readonly RunRecord[], plans: ReadonlyMap<number, Plan>): readonly string[] {
  const known = runs.map(({ id }) => plans.get(id));
  const methods = new Set(known.map((plan) => plan?.method));
  if (methods.size === runs.length)
    return known.map((plan, at) => plan?.method ?? nameAt(runs, at));
  const keys = known.map((plan) => (plan === undefined ? undefined : keysOf(plan)));
  const names = new Set(keys.flatMap((one) => [...(one?.keys() ?? [])]));
  const different = [...names].filter(
    (name) => new Set(keys.map((one) => one?.get(name))).size > 1,
  );
  return keys.map((one, at) => {
    const words = one === undefined ? [] : different.flatMap((name) => wordsOf(name, one));
    return words.length === 0 ? nameAt(runs, at) : words.join(", ");
  });
}

const nameAt = (runs: readonly RunRecord[], at: number): string => runs[at]?.name ?? "";

function wordsOf(name: string, keys: Keys): readonly string[] {
  const value = keys.get(name);
  return value === undefined ? [] : [`${name}: ${shorten(value, mostLetters)}`];
}

const mostLetters = 48;

/** Where pictures go, and what they are called, is no difference to look at. */
const unseen = new Set(["name", "output", "metadata"]);

/** The recipe as it was planned, key by key. */
function keysOf({ recipe, method }: Plan): Keys {
  const entries = [...printedLines(recipe ?? "")];
  return new Map([...entries.filter(([key]) => !unseen.has(key)), ["method", method]]);
}
