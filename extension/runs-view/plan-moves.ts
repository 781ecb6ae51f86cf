// Where runs go that were dragged in the queue: what to ask of the daemon, in order. Pure.
import type { RunNode } from "./run-tree.ts";

/** As the daemon's `move`: in front of the run `before`, or behind all others. */
export interface Move {
  readonly id: number;
  readonly before: number | null;
}

/** Where runs are dropped. */
export type DropPlace =
  | { readonly kind: "run"; readonly id: number }
  /** In front of all that wait. */
  | { readonly kind: "first" }
  /** Behind all that wait. */
  | { readonly kind: "last" };

/** What it means to drop on a node, or below all for undefined; null where nothing can be dropped. */
export function placeOf(target: RunNode | undefined): DropPlace | null {
  if (target === undefined) return { kind: "last" };
  if (target.id === "queue") return { kind: "first" };
  if (target.kind !== "run") return null;
  if (target.context === "run-waiting") return { kind: "run", id: target.run };
  // A run that is painted stands in front of all that wait.
  const isPainted = target.context === "run-painted" || target.context === "run-stopping";
  return isPainted ? { kind: "first" } : null;
}

/**
 * Dropped on a run, they take its place: dragged down they come behind it, dragged up in front of it. Runs that do not
 * wait are not moved, and nothing is where all stand there already.
 */
export function planMoves(
  dragged: readonly number[],
  place: DropPlace,
  waiting: readonly number[],
): readonly Move[] {
  const moving = waiting.filter((id) => dragged.includes(id));
  const target = place.kind === "run" ? place.id : null;
  if (moving.length === 0) return [];
  if (target !== null && (moving.includes(target) || !waiting.includes(target))) return [];
  const staying = waiting.filter((id) => !moving.includes(id));
  const before = nextAfter(place, { moving, staying, waiting });
  const at = before === null ? staying.length : staying.indexOf(before);
  const wanted = [...staying.slice(0, at), ...moving, ...staying.slice(at)];
  if (wanted.every((id, index) => id === waiting[index])) return [];
  return moving.map((id) => ({ id, before }));
}

/**
 * Each of them one place up (-1) or down (1), as far as there is room: those that stand together stay together, and keep
 * their order. The moves belong one after the other.
 */
export function planSteps(
  chosen: readonly number[],
  step: -1 | 1,
  waiting: readonly number[],
): readonly Move[] {
  const moving = waiting.filter((id) => chosen.includes(id));
  let order = waiting;
  return (step < 0 ? moving : moving.toReversed()).flatMap((id) => {
    const to = order.indexOf(id) + step;
    const beside = order[to];
    if (beside === undefined || chosen.includes(beside)) return [];
    order = order.filter((one) => one !== id).toSpliced(to, 0, id);
    return [{ id, before: order[to + 1] ?? null }];
  });
}

/** The run that comes right behind those that were dropped, or null for none. */
function nextAfter(
  place: DropPlace,
  runs: {
    readonly moving: readonly number[];
    readonly staying: readonly number[];
    readonly waiting: readonly number[];
  },
): number | null {
  const { moving, staying, waiting } = runs;
  if (place.kind === "last") return null;
  if (place.kind === "first") return staying[0] ?? null;
  const isDown = waiting.indexOf(moving[0] ?? 0) < waiting.indexOf(place.id);
  return isDown ? (staying[staying.indexOf(place.id) + 1] ?? null) : place.id;
}
