// The speed that a run teaches: against calls whose times are known.
import { expect, it } from "vitest";
import type { Plan } from "../../daemon/plan/plan.ts";
import { speedMeter } from "../../daemon/planner/measure-speed.ts";
import type { Part, RunEvent } from "../../daemon/protocol/run-event.ts";

const plan = {
  cost: { text: 1e11, denoiserByStage: [2e12, 4e12], vaeByStage: [0, 3e11], total: 6.4e12 },
  prompts: [{}, {}],
} as unknown as Plan;

const call = (part: Part, from: number, to: number): readonly [number, RunEvent][] => [
  [from, { kind: "calling", part, stage: null }],
  [to, { kind: "called", part, stage: null }],
];
const step = (atMs: number, done: number): readonly [number, RunEvent][] => [
  [
    atMs,
    { kind: "step", prompt: 0, stage: 0, step: done - 1, steps: 2, timestep: 0, done, total: 4 },
  ],
];

function check(
  events: readonly (readonly [number, RunEvent])[],
  expected: object | undefined,
  of = plan,
): void {
  const meter = speedMeter();
  for (const [atMs, event] of events) meter.hear(atMs, event);
  expect(meter.learn(of)).toEqual(expected);
}

const rest = [
  ...call("denoiser", 2000, 4000),
  ...step(4000, 1),
  ...call("vae-encode", 5000, 5500),
  ...call("denoiser", 6000, 10_000),
  ...step(10_000, 2),
  ...call("vae-decode", 10_000, 11_000),
];

it("each kind of network has the operations of all prompts over the time of its calls", () => {
  check([...call("text", 0, 1000), ...rest], {
    rate: { gflopsText: 200, gflopsDenoiser: 2000, gflopsVae: 400 },
  });
});

it("a run whose texts were known, one that went on from a checkpoint, and one of an instant teach nothing", () => {
  check(rest, undefined);
  check([...call("text", 0, 1000), ...step(2000, 3)], undefined);
  const small = { ...plan, cost: { ...plan.cost, total: 1e11 } };
  check([...call("text", 0, 1000), ...rest], undefined, small);
});
