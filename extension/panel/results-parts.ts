// What the results panel works with.
import type { Uri } from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import type { Language } from "../language.ts";
import type { Paces } from "../runs/follow-paces.ts";

export interface ResultsParts {
  readonly feed: RunFeed;
  readonly language: Pick<Language, "names" | "onPlansChanged">;
  readonly paces: Paces;
  /** Absolute path of the folder that the daemon keeps pictures of stages in. */
  readonly traces: string;
  /** The extension's folder. */
  readonly extension: Uri;
}
