// Which networks ScaleCrafter calls in which steps, in words.
import type { UNetVariant } from "../config/unet-variant.ts";
import type { PlannedStep } from "./plan.ts";
import type { PlannedScalecrafter } from "./planned-method.ts";

/** A label and a sentence for each run of steps with the same networks. */
export function networkRows(
  { networks }: PlannedScalecrafter,
  steps: readonly PlannedStep[],
): readonly (readonly [string, string])[] {
  const rows: { first: number; last: number; text: string }[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.kind !== "redilated") continue;
    const main = describe(networks[step.network]);
    const damping = step.damping === null ? "" : `; damped by ${describe(networks[step.damping])}`;
    const text = `${main}${damping}`;
    const before = rows.at(-1);
    if (before?.text === text) before.last = index + 1;
    else rows.push({ first: index + 1, last: index + 1, text });
  }
  return rows.map(({ first, last, text }) => [
    first === last ? `step ${first}` : `steps ${first} … ${last}`,
    text,
  ]);
}

/** E.g. "31 convolutions 2, 3 and 4 times further apart, FreeU". */
function describe(network: UNetVariant | undefined): string {
  const changes = Object.values(network?.convolutions ?? {});
  // A dispersed kernel reaches twice as far by itself.
  const reaches = changes.map(({ factor, disperses }) => (disperses ? 2 * factor : factor));
  const factors = [...new Set(reaches)].sort((a, b) => a - b);
  const dispersed = changes.filter(({ disperses }) => disperses).length;
  return [
    changes.length === 0
      ? "the network as it was trained"
      : `${changes.length} convolutions ${listed(factors)} times further apart`,
    ...(dispersed > 0 ? [`${dispersed} of them dispersed`] : []),
    ...(network?.freeU ? ["FreeU"] : []),
  ].join(", ");
}

function listed(numbers: readonly number[]): string {
  const [last, ...others] = [...numbers].reverse();
  return others.length === 0 ? `${last}` : `${others.reverse().join(", ")} and ${last}`;
}
