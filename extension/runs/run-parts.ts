// What commands, lenses and notifications are given.
import type { LogOutputChannel } from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import type { Language } from "../language.ts";
import type { Paces } from "./follow-paces.ts";
import type { KeptPlans } from "./keep-plans.ts";

/** A recipe of a file, and one of its runs where that is known. */
export interface ResultsTarget {
  readonly uri: string;
  readonly name: string;
  readonly runId?: number;
  /** What the panel opens in: its pictures where that is left out. */
  readonly view?: "compare";
}

export interface RunParts {
  readonly feed: RunFeed;
  readonly language: Language;
  readonly plans: KeptPlans;
  readonly paces: Paces;
  /** The extension's own words; no prompt goes there. */
  readonly log: LogOutputChannel;
  /** Opens the pictures of a recipe, live where it is painted. */
  showResults(target: ResultsTarget): Promise<void>;
}
