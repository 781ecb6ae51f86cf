// What the daemon's runs teach is kept, and a run that did not end well teaches nothing.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { keepProvider, measuredHost } from "../../daemon/main/learn-machine.ts";
import { readProfile } from "../../daemon/planner/machine-profile.ts";
import type { DoctorReport } from "../../daemon/protocol/engine-message.ts";
import type { Attempt } from "../../daemon/protocol/run-attempt.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-learn-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = {
  cost: { text: 1e12, denoiserByStage: [1e12], vaeByStage: [1e12], total: 3e12 },
  prompts: [{}],
};
const events: readonly RunEvent[] = [
  { kind: "calling", part: "text", stage: null },
  { kind: "called", part: "text", stage: null },
  { kind: "step", prompt: 0, stage: 0, step: 0, steps: 1, timestep: 0, done: 1, total: 1 },
];

/** Plays the events, a second each, to that end; what the profile holds then, and what the queue heard. */
async function check(profile: string, attempt: Attempt, isKept: boolean): Promise<void> {
  const heard: RunEvent[] = [];
  const host = measuredHost(
    {
      run: async (_, __, listener) => {
        for (const [index, event] of events.entries()) listener.onEvent(1000 * index, event);
        return attempt;
      },
      sweep: async () => {},
      cancel: () => {},
      kill: () => {},
    },
    profile,
  );
  const listener = {
    onEvent: (_: number, event: RunEvent) => void heard.push(event),
    onPreview: () => {},
  };
  expect(await host.run(plan, { checkpoint: "checkpoint", trace: "trace" }, listener)).toBe(
    attempt,
  );
  expect(heard).toEqual(events);
  expect(readProfile(profile).rate?.gflopsText).toBe(isKept ? 1000 : undefined);
}

it("a run that is done teaches this machine's speed", async () => {
  const profile = join(folder, "done.json");
  await check(profile, { kind: "ended", end: { kind: "done", seconds: 1, peakBytes: 1 } }, true);
  await keepProvider({ providers: [{ provider: "cpu", usable: true }] } as DoctorReport, profile);
  expect(JSON.parse(readFileSync(profile, "utf8"))).toMatchObject({
    provider: "cpu",
    rate: { gflopsText: 1000 },
  });
});

it("a run that was cancelled or whose engine died teaches nothing", async () => {
  await check(join(folder, "none.json"), { kind: "ended", end: { kind: "cancelled" } }, false);
  await check(join(folder, "none.json"), { kind: "died", why: "killed" }, false);
});
