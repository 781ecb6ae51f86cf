// The children of an element as a list that changes: what stays is left where it is, so that the focus stays in it.

/** `wanted` in this order, and nothing else. Where the child with the focus goes, the one in its place gets it. */
export function placeChildren(parent: HTMLElement, wanted: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const place = [...parent.children].findIndex((child) => child.contains(focused));
  const stays = new Set<Element>(wanted);
  for (const child of [...parent.children]) if (!stays.has(child)) child.remove();
  for (const [index, child] of wanted.entries())
    if (parent.children[index] !== child)
      parent.insertBefore(child, parent.children[index] ?? null);
  if (place < 0 || parent.contains(document.activeElement)) return;
  const successor = parent.children[place] ?? parent.lastElementChild;
  const next = parent.contains(focused) ? focused : entryOf(successor);
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

/** What of a child takes the focus: itself, or something in it. */
function entryOf(child: Element | null): Element | null | undefined {
  return child?.matches("[tabindex]") ? child : child?.querySelector("[tabindex]");
}
