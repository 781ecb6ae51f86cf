// Changes of runs that may have ended a moment before.
import type { LogOutputChannel } from "vscode";
import type { MethodName, Params } from "../../daemon/protocol/methods.ts";
import type { RunFeed } from "../client/run-feed.ts";

interface AskParts {
  readonly feed: Pick<RunFeed, "ask">;
  readonly log: Pick<LogOutputChannel, "info">;
}

/** A change of a run that has ended or was forgotten meanwhile is refused, which is no failure. */
export async function askOnly<Name extends MethodName>(
  { feed, log }: AskParts,
  method: Name,
  params: Params<Name>,
): Promise<void> {
  await feed.ask(method, params).catch((error: { readonly code?: string }) => {
    if (error.code !== "queue.refused" && error.code !== "run.missing") throw error;
    log.info(`${method}: ${error.code}`);
  });
}
