// `frecas watch`: what happens in the queue, as it happens: one moving line on a terminal, a line a change elsewhere.
import { daemonUnreachable } from "../base/failure.ts";
import type { Daemon } from "../client/connect-daemon.ts";
import type { QueueEvent } from "../protocol/queue-event.ts";
import type { RunRecord } from "../protocol/run-record.ts";
import type { CliContext } from "./cli-context.ts";
import { showQueue, showState } from "./show-queue.ts";

/** Returns on Ctrl-C. Rejects with `daemonUnreachable` when the daemon ends. */
export async function watchQueue(
  daemon: Daemon,
  { terminal, onInterrupt }: CliContext,
  json: boolean,
): Promise<number> {
  const names = new Map<number, RunRecord>();
  const show = json
    ? (event: QueueEvent): void => terminal.out(JSON.stringify(event))
    : (event: QueueEvent): void => showEvent(event);
  const showEvent = (event: QueueEvent): void => {
    if (event.kind === "added" || event.kind === "changed") {
      names.set(event.run.id, event.run);
      terminal.out(`${event.run.id} ${event.run.name}: ${showState(event.run, Date.now())}`);
    }
    if (event.kind !== "progress" || event.event.kind !== "step") return;
    const { stage, step, steps, done, total } = event.event;
    const name = names.get(event.id)?.name ?? "";
    const line = `${event.id} ${name}: stage ${stage + 1}, step ${step + 1}/${steps}, ${Math.floor((100 * done) / total)} %`;
    if (terminal.draw === null) terminal.err(line);
    else terminal.draw(line);
  };
  await daemon.subscribe(null, {
    onSnapshot: (snapshot) => {
      for (const run of snapshot.runs) names.set(run.id, run);
      if (json) terminal.out(JSON.stringify({ kind: "snapshot", ...snapshot }));
      else for (const line of showQueue(snapshot, Date.now())) terminal.out(line);
    },
    onEvent: show,
  });
  const stopped = new Promise<"stopped">((resolve) => onInterrupt(() => resolve("stopped")));
  if ((await Promise.race([stopped, daemon.closed])) === "stopped") return 0;
  throw daemonUnreachable("its end");
}
