// What the page is made of: parts that are built once and then show one state after the other.
import type { FromResults } from "../../panel/messages.ts";
import type { Action, PageState } from "./page-state.ts";
import type { Source } from "./sources.ts";
import type { Extent } from "./zoom.ts";

export interface PagePart {
  readonly element: HTMLElement;
  /** Called after each change; does nothing where nothing of its own is another. */
  show(state: PageState): void;
}

/** Is shown only while it is chosen; `show` is called only then. */
export interface PageView extends PagePart {
  /** Of what zooms, in CSS pixels; undefined where nothing does. */
  viewport(): Extent | undefined;
  /** What copy, save and the zoom's words are about. */
  shown(state: PageState): Source | undefined;
}

/** Where a part sends what is done in it. */
export interface PageCalls {
  /** Changes what the page shows. */
  act(action: Action): void;
  /** Asks the editor. */
  tell(message: FromResults): void;
  /** Shows the state once more, in a page of another size. */
  refresh(): void;
  /** The state as it is, for what happens between two calls of `show`. */
  state(): PageState;
}
