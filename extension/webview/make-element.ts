// Elements of the pages, made by code: the pages have no HTML of their own. Text is set as text, never parsed.

type Attributes = Readonly<Record<string, string | number>>;
type Content = Node | string;

/** An HTML element; `class` and `aria-…` are attributes like others, and a "" is one that is just there. */
export function html<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  return fill(element, attributes, content);
}

/** An SVG element. Numbers are written with two digits. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes,
  ...content: readonly Content[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  return fill(element, attributes, content);
}

function fill<Made extends Element>(
  element: Made,
  attributes: Attributes,
  content: readonly Content[],
): Made {
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(
      name,
      typeof value === "number" ? String(Number(value.toFixed(2))) : value,
    );
  element.append(...content);
  return element;
}
