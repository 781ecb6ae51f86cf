// Elements in one expression. Text goes in as text nodes, so nothing that is shown is ever read as HTML.

type Attributes = Readonly<Record<string, string>>;

/** `attributes` as HTML writes them; a "" is an attribute that is just there. */
export function build<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button with a picture on it; its label is its tooltip too. `keys` are told to screen readers and in the tooltip. */
export function iconButton(
  icon: Node,
  { label, keys, onClick }: { readonly label: string; readonly keys?: string; onClick(): void },
): HTMLButtonElement {
  const button = build("button", { type: "button", class: "icon", "aria-label": label }, icon);
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
  const button = build("button", { type: "button", class: kind }, words);
  button.addEventListener("click", onClick);
  return button;
}

/** Writes only what is new, so that screen readers and selections are left alone. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
