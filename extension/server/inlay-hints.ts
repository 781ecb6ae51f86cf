// What the plan makes of a recipe, beside its text: timesteps of its stages, tokens of its prompts, how long it takes.
import type { InlayHint } from "vscode-languageserver";
import type { Plan, PlannedStage } from "../../daemon/plan/plan.ts";
import type { TokenCount } from "../../daemon/planner/count-tokens.ts";
import type { Positions } from "../../daemon/recipe/positions.ts";
import type { Written, WrittenDocument } from "../../daemon/recipe/written.ts";
import { showSeconds } from "./show-seconds.ts";

/** What is known of a document's one recipe. */
export interface Known {
  readonly plan: Plan;
  readonly seconds: number | null;
  /** Of one text; none where the model's words cannot be read. */
  count(text: string): readonly TokenCount[];
}

/** In the order of the text. `positions` are of the whole text. */
export function inlayHints(
  { root }: WrittenDocument,
  positions: Positions,
  known: Known,
): InlayHint[] {
  if (root.kind !== "mapping") return [];
  const value = (key: string): Written | undefined =>
    root.entries.find((entry) => entry.key === key)?.value;
  const hints = [
    ...stageHints(value("stages"), positions, known.plan),
    ...["prompt", "negative"].flatMap((key) => tokenHints(value(key), known)),
    ...timeHint(value("size") ?? root, positions, known),
  ];
  return hints
    .sort((one, other) => one.at - other.at)
    .map(({ at, label, tooltip }) => {
      const { line, column } = positions.range(at, at).start;
      return { position: { line, character: column }, label, tooltip, paddingLeft: true };
    });
}

interface Hint {
  /** UTF-16 offset. */
  readonly at: number;
  readonly label: string;
  readonly tooltip: string;
}

/** None for a method that paints other stages than those that are written. */
function stageHints(
  written: Written | undefined,
  positions: Positions,
  { stages }: Plan,
): readonly Hint[] {
  const items = written?.kind === "list" ? written.items : [];
  if (items.length !== stages.length) return [];
  return items.flatMap((item, index) => {
    const stage = stages[index];
    const label = stage && timesteps(stage);
    if (label === undefined) return [];
    const tooltip = `Stage ${index + 1} of ${stages.length}: ${stage?.steps.length} steps between these timesteps, where 999 is pure noise and 0 the finished picture.`;
    return [{ at: behindFirstLine(item, positions), label, tooltip }];
  });
}

function timesteps({ steps }: PlannedStage): string | undefined {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return first === last ? `t ${first.timestep}` : `t ${first.timestep} → ${last.timestep}`;
}

/** Behind a value of one line; behind the first line of one that goes on. */
function behindFirstLine({ range }: Written, positions: Positions): number {
  const isOneLine = range.start.line === range.end.line;
  return isOneLine ? range.end.offset : positions.line(range.start.offset).end.offset;
}

function tokenHints(written: Written | undefined, known: Known): readonly Hint[] {
  if (written?.kind === "list") return written.items.flatMap((item) => tokenHints(item, known));
  if (written?.kind !== "scalar" || typeof written.value !== "string") return [];
  const counts = known.count(written.value.trim());
  if (counts.length === 0) return [];
  const shown = counts.map(({ encoder, used, positions }) => {
    const share = `${used} / ${positions}`;
    return counts.length === 1 ? `${share} tokens` : `${encoder} ${share}`;
  });
  const isCut = counts.some(({ used, positions }) => used > positions);
  const tooltip = `Tokens that this text has for the model, the two around it included, of those that it reads.${isCut ? " What comes behind is cut off." : ""}`;
  return [{ at: written.range.end.offset, label: shown.join(", "), tooltip }];
}

function timeHint(
  beside: Written,
  positions: Positions,
  { plan, seconds }: Known,
): readonly Hint[] {
  if (seconds === null) return [];
  const { networkCalls } = plan.cost;
  const each = plan.prompts.length === 1 ? "" : ` for each of ${plan.prompts.length} prompts`;
  return [
    {
      at: behindFirstLine(beside, positions),
      label: `~${showSeconds(seconds)}`,
      tooltip: `How long this run takes here, by what earlier runs took: ${networkCalls} calls of the network${each}.`,
    },
  ];
}
