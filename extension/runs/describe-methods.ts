// What is said of a recipe that is painted by every method: which ones do not fit, and what those that do take otherwise.
import { withoutAdvice } from "../../daemon/base/failure.ts";

interface PlannedMethods {
  /** Sentences without an end. */
  readonly leftOut: readonly { readonly method: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

/** Undefined where there is nothing to say. */
export function describeMethods(
  { leftOut, warnings }: PlannedMethods,
  isPainted: boolean,
): string | undefined {
  const begin = isPainted ? "Compared without" : "There is nothing to compare:";
  const reasons = leftOut.map(({ method, why }) => `${method}: ${withoutAdvice(why)}`).join("; ");
  const said = [...(leftOut.length > 0 ? [`${begin} ${reasons}`] : []), ...warnings];
  return said.length > 0 ? said.join(". ") : undefined;
}
