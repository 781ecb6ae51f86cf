// From what goes wrong while a model is looked at to whether it is complete, incomplete or refused.
import { Failure, unreadableModel, unsupportedModel } from "../base/failure.ts";
import type { Weights } from "../weights/weight-scope.ts";
import type { ModelState } from "./catalogue-entry.ts";

/** A sentence, and whether more files would mend it. */
export interface Trouble {
  readonly kind: "missing" | "refused";
  readonly sentence: string;
}

/** What `look` gives, or the trouble that it met; whatever is thrown stays here. */
export function attempt<Value>(
  path: string,
  look: () => Value,
): { readonly value: Value } | { readonly trouble: Trouble } {
  try {
    return { value: look() };
  } catch (error) {
    return { trouble: troubleOf(path, error) };
  }
}

/** `path` is what the trouble is told of where the error itself names nothing. */
export function troubleOf(path: string, error: unknown): Trouble {
  const known =
    error instanceof Failure
      ? error
      : unreadableModel(path, error instanceof Error ? error.message : String(error));
  const mendable = known.code === "model.incomplete" || known.code === "weights.header";
  return { kind: mendable ? "missing" : "refused", sentence: known.message };
}

/** A model that is refused for good is not called incomplete. */
export function judge(troubles: readonly Trouble[]): ModelState {
  const refused = troubles.find(({ kind }) => kind === "refused");
  if (refused !== undefined) return { kind: "refused", why: refused.sentence };
  const missing = [...new Set(troubles.map(({ sentence }) => sentence))];
  return missing.length > 0 ? { kind: "incomplete", missing } : { kind: "complete" };
}

/** Throws `unsupportedModel` for the first type of number that no network here computes with. */
export function refuseTypes(networks: readonly Weights[]): void {
  for (const { source, tensors } of networks)
    for (const { dtype } of tensors.values())
      if (/^F/.test(dtype) && !["F32", "F16", "BF16"].includes(dtype))
        throw unsupportedModel(source, `weights of the type ${dtype}`, "of F32, F16 or BF16");
}
