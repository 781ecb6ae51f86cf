// Events to one client, as fast as it reads and no faster: what waits for a slow one is a place in the log, not a list.
import type { MessageConnection } from "vscode-jsonrpc/node";
import type { Params } from "../protocol/methods.ts";
import type { RunPreview } from "../protocol/preview.ts";
import type { Services } from "./services.ts";

/** Begins after `after`, or with a snapshot where that is null or forgotten. Returns how to end it. */
export function sendEvents(
  connection: Pick<MessageConnection, "sendNotification">,
  queue: Pick<Services["queue"], "events" | "snapshot" | "previews">,
  { after, previews }: Params<"subscribe">,
): () => void {
  let place = after;
  let isDone = false;
  let isSending = false;
  let isShowing = false;
  /** What comes next, or null where everything is told. */
  const next = (): { readonly method: string; readonly params: object } | null => {
    const event = place === null ? undefined : queue.events.next(place);
    if (event === null) return null;
    if (event === undefined || place === null) {
      const snapshot = queue.snapshot();
      place = snapshot.place;
      return { method: "snapshot", params: snapshot };
    }
    place = { ...place, number: event.number };
    return { method: "event", params: event };
  };
  const push = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    for (let message = next(); message !== null && !isDone; message = next())
      // Resolves when the system has taken the bytes, which it does not while the client does not read.
      await connection.sendNotification(message.method, message.params);
    isSending = false;
  };
  // A client that is gone is told by its socket.
  const start = (): void => void push().catch(() => {});
  const show = async (preview: RunPreview): Promise<void> => {
    if (isShowing) return;
    isShowing = true;
    await connection.sendNotification("preview", preview);
    isShowing = false;
  };
  const stops: (() => void)[] = [];
  // After the answer to the request that asked for them, and never in the midst of events that belong together.
  setImmediate(() => {
    if (isDone) return;
    start();
    stops.push(queue.events.listen(start));
    if (previews)
      stops.push(queue.previews.listen((preview) => void show(preview).catch(() => {})));
  });
  return () => {
    isDone = true;
    for (const stop of stops) stop();
  };
}
