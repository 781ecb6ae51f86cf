// Plans → runs in the daemon's queue, in as many messages as their sizes need.

import type { Plan } from "../plan/plan.ts";
import { mostMessageBytes } from "../protocol/methods.ts";
import type { Daemon } from "./connect-daemon.ts";

interface Submission {
  /** The recipe's. */
  readonly file: string | null;
  /** The same one again gives the runs of the first time. */
  readonly key: string;
  /** Called with numbers as soon as they are known: the first run may be painted before the last one is there. */
  onSubmitted?(ids: readonly number[]): void;
}

/** The runs' numbers, in the order of the plans. Rejects as `ask` does; then some of them may be in the queue. */
export async function submitPlans(
  daemon: Pick<Daemon, "ask">,
  plans: readonly Plan[],
  { file, key, onSubmitted }: Submission,
): Promise<readonly number[]> {
  const ids: number[] = [];
  for (const [index, part] of inParts(plans).entries()) {
    const what = { kind: "plans" as const, plans: part.map((plan) => ({ ...plan })), file };
    const submitted = await daemon.ask("submit", { what, key: `${key}.${index}` });
    onSubmitted?.(submitted.ids);
    ids.push(...submitted.ids);
  }
  return ids;
}

/** With room for what else a message holds. */
const mostPartBytes = mostMessageBytes / 2;
const mostPartPlans = 500;

function inParts(plans: readonly Plan[]): readonly (readonly Plan[])[] {
  const parts: Plan[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const plan of plans) {
    const size = Buffer.byteLength(JSON.stringify(plan));
    const part = parts.at(-1);
    if (part === undefined || bytes + size > mostPartBytes || part.length >= mostPartPlans) {
      parts.push([plan]);
      bytes = size;
    } else {
      part.push(plan);
      bytes += size;
    }
  }
  return parts;
}
