// The page's icons: strokes on a field of 16 by 16, in the colour of the text around them.
import { svg } from "../make-element.ts";

const paths = {
  recipe: "M4 1.5h5.5L13 5v9.5H4zM9.5 1.5V5H13M6.2 8h4.6M6.2 10.5h4.6",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  save: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 12.5v1.5h11v-1.5",
  reveal: "M1.5 12.5v-9H6l1.5 2h7v7z",
  larger: "M8 3v10M3 8h10",
  smaller: "M3 8h10",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  swap: "M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13",
  close: "M4 4l8 8M12 4l-8 8",
  open: "M8 13.5v-8M4.8 8.2 8 5l3.2 3.2M2.5 3.5V2h11v1.5",
} as const;

export type IconName = keyof typeof paths;

/** Says nothing to screen readers: who shows it labels it. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: paths[name] }),
  );
}
