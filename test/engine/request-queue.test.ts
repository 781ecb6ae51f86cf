// Requests one after the other, and which of them a cancel means.
import { expect, it } from "vitest";
import { requestQueue } from "../../daemon/engine/request-queue.ts";
import type { EngineRequest } from "../../daemon/protocol/engine-message.ts";

const run: EngineRequest = {
  kind: "run",
  plan: {},
  checkpoint: null,
  trace: null,
  previews: false,
};
const cancel: EngineRequest = { kind: "cancel" };

/** Adds the messages at once; what each run was told when it asked whether it is cancelled. */
async function check(
  messages: readonly EngineRequest[],
  cancelled: readonly boolean[],
): Promise<void> {
  const told: boolean[] = [];
  const queue = requestQueue(async ({ kind }, isCancelled) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (kind === "run") told.push(isCancelled());
  });
  for (const message of messages) expect(queue.add(message)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await queue.stop();
  expect(told).toEqual(cancelled);
}

it("a run that nobody cancels goes on", () => check([run, run], [false, false]));

it("a cancel means the run before it, not the one after it", () =>
  check([run, cancel, run], [true, false]));

it("a cancel means a run that still waits behind another request too", () =>
  check([{ kind: "doctor" }, run, cancel], [true]));

it("a cancel without a run means nothing", () => check([cancel, run], [false]));

it("what is no request is refused", () => {
  const queue = requestQueue(async () => {});
  expect(queue.add({ kind: "surprise" })).toBe(false);
});
