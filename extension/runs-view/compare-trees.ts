// What the editor has to draw again when the tree has become another one. Pure.
import type { RunNode } from "./run-tree.ts";

/** All, where nodes came, went or changed places below the root; else the nodes that look different. */
export type TreeChange =
  | { readonly kind: "all" }
  | { readonly kind: "nodes"; readonly ids: readonly string[] };

/** A node whose children are others stands for them. */
export function compareTrees(before: readonly RunNode[], after: readonly RunNode[]): TreeChange {
  if (!sameNodes(before, after)) return { kind: "all" };
  return { kind: "nodes", ids: after.flatMap((node, index) => changed(before[index], node)) };
}

function changed(before: RunNode | undefined, after: RunNode): readonly string[] {
  // The history is the same node from tree to tree for most of the time.
  if (before === after) return [];
  if (before === undefined || looksOf(before) !== looksOf(after)) return [after.id];
  if (!sameNodes(before.children, after.children)) return [after.id];
  return after.children.flatMap((node, index) => changed(before.children[index], node));
}

const sameNodes = (some: readonly RunNode[], others: readonly RunNode[]): boolean =>
  some.length === others.length && some.every(({ id }, index) => id === others[index]?.id);

const looksOf = (node: RunNode): string => JSON.stringify({ ...node, children: [] });
