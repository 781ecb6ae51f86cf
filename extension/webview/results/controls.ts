// Buttons in one expression, and text that changes.
import { html } from "../make-element.ts";

/** A button with a picture on it; its label is its tooltip too. `keys` are told to screen readers and in the tooltip. */
export function iconButton(
  icon: Node,
  { label, keys, onClick }: { readonly label: string; readonly keys?: string; onClick(): void },
): HTMLButtonElement {
  const button = html("button", { type: "button", class: "icon", "aria-label": label }, icon);
  button.title = keys === undefined ? label : `${label} (${keys})`;
  if (keys !== undefined) button.setAttribute("aria-keyshortcuts", keys);
  button.addEventListener("click", onClick);
  return button;
}

/** A button with words on it. */
export function textButton(
  words: string,
  { kind, onClick }: { readonly kind: "primary" | "secondary"; onClick(): void },
): HTMLButtonElement {
  const button = html("button", { type: "button", class: kind }, words);
  button.addEventListener("click", onClick);
  return button;
}

/** Writes only what is new, so that screen readers and selections are left alone. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
