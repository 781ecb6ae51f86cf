// What one client is told, and in which order, when the queue changes in the moment that it subscribes.
import { expect, it } from "vitest";
import type { RunPreview } from "../../daemon/protocol/preview.ts";
import { eventLog } from "../../daemon/queue/event-log.ts";
import { latestValue } from "../../daemon/queue/latest-value.ts";
import { sendEvents } from "../../daemon/rpc/send-events.ts";

const preview = { id: 1, prompt: 0, stage: 0, step: 0, width: 1, height: 1, png: "" };

it("a snapshot comes first, and after events that belong together", async () => {
  const events = eventLog("now");
  const previews = latestValue<RunPreview>();
  previews.set(preview);
  const told: unknown[] = [];
  const sendNotification = async (method: unknown, params: unknown) =>
    void told.push([method, params]);
  const snapshot = () => ({ place: events.place, paused: false, runs: [], waiting: [] });
  const stop = sendEvents(
    { sendNotification: sendNotification as never },
    { events, previews, snapshot },
    { after: null, previews: true },
  );
  for (const id of [1, 2]) events.add({ kind: "removed", id });
  expect(told).toEqual([]);
  await expect.poll(() => told).toHaveLength(2);
  expect(told).toEqual([
    ["snapshot", expect.objectContaining({ place: { epoch: "now", number: 2 } })],
    ["preview", preview],
  ]);
  events.add({ kind: "removed", id: 3 });
  await expect.poll(() => told.at(-1)).toMatchObject(["event", { number: 3 }]);
  stop();
  events.add({ kind: "removed", id: 4 });
  expect(told).toHaveLength(3);
});
