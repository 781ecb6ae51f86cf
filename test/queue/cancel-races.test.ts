// Cancels that meet the end of a run: what was acknowledged holds, whichever comes first.
import { expect, it } from "vitest";
import { died, done, full, open, plansOf, settled } from "./played-queue.ts";

it("a run that is tried again in the moment of its end can be cancelled again", async () => {
  const { queue, begun, end, states } = await open();
  await queue.submit(plansOf("a"), null);
  await expect.poll(() => begun.length).toBe(1);
  queue.events.listen(() => {
    if (queue.get(1).run.state.kind !== "failed" || begun.length > 1) return;
    begun.push("tried again");
    void queue.retry(1).then(() => queue.cancel(1));
  });
  end(full);
  await expect.poll(states).toBe("1 cancelled");
  expect(begun).toEqual(["a", "tried again"]);
});

it("a cancel that comes after the last step changes nothing for the next run", async () => {
  const opened = await open();
  await opened.queue.submit(plansOf("a", "b"), null);
  await expect.poll(() => opened.begun.length).toBe(1);
  opened.end(done);
  await opened.queue.cancel(1).catch(() => {});
  await settled(opened, "1 done, 2 running");
  expect(opened.asked.filter((what) => what === "kill")).toEqual([]);
});

it("a run whose engine dies while it is cancelled is not begun again", async () => {
  const opened = await open();
  await opened.queue.submit(plansOf("a"), null);
  await expect.poll(() => opened.begun.length).toBe(1);
  opened.end(died);
  await opened.queue.cancel(1);
  await settled(opened, "1 cancelled");
  expect(opened.begun).toEqual(["a"]);
});
