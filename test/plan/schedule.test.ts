// The schedule against the published code's numbers and torch's own.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  alphasCumprod,
  finalAlphaBar,
  nextStart,
  publishedStepCount,
} from "../../daemon/plan/ddim-schedule.ts";
import { flowSchedule, flowSigmas, flowStart } from "../../daemon/plan/flow-schedule.ts";
import { stageTimesteps } from "../../daemon/plan/schedule.ts";
import { networkTimestep } from "../../daemon/sampler/planned-step.ts";
import { readGoldenJson } from "../support/read-golden.ts";
import { vista } from "./plan-inputs.ts";

interface Schedules {
  readonly presets: readonly {
    readonly preset: string;
    readonly model: string;
    readonly tsize: readonly (readonly [number, number])[];
    readonly msp_endtimes: readonly number[];
    readonly msp_steps: readonly number[];
    readonly msp_gamma: number;
    readonly stages: readonly {
      readonly timesteps: readonly number[];
      readonly num_inference_steps: number;
      readonly indexs: readonly number[];
    }[];
    /** Stable Diffusion 3's, at the indices of all stages. */
    readonly sigmas?: readonly number[];
  }[];
  readonly next_start: readonly {
    readonly t: number;
    readonly os: number;
    readonly ts: number;
    readonly gamma: number;
    readonly next: number;
  }[];
  readonly next_start_flow: readonly {
    readonly t: number;
    readonly os: number;
    readonly ts: number;
    readonly next: number;
  }[];
  readonly alphas_cumprod: readonly number[];
}

const golden = readGoldenJson<Schedules>("schedules.json");
const alphas = alphasCumprod(vista.scheduler);

test("ᾱ equals the published code's in every bit", () => {
  expect(golden.alphas_cumprod.length).toBe(10);
  for (const [index, alpha] of golden.alphas_cumprod.entries())
    expect(alphas[index * 111], `t = ${index * 111}`).toBe(alpha);
});

// Values of torch 2.13 that come out otherwise when each multiplication and addition is rounded by itself.
test.each([
  [273, 0.6357423067092896],
  [329, 0.5416842103004456],
  [609, 0.1522243618965149],
  [663, 0.10726450383663177],
  [999, 0.00466009508818388],
])("ᾱ at %i equals torch's for scaled betas", (timestep, alpha) => {
  expect(alphas[timestep]).toBe(alpha);
});

test.each([
  [218, 0.6076546907424927],
  [452, 0.12356051802635193],
  [637, 0.016095057129859924],
  [818, 0.0011230160016566515],
  [999, 4.035830352222547e-5],
])("ᾱ at %i equals torch's for linear betas", (timestep, alpha) => {
  const config = { betaSchedule: "linear", betaStart: 1e-4, betaEnd: 0.02 } as const;
  expect(alphasCumprod({ ...vista.scheduler, ...config })[timestep]).toBe(alpha);
});

test("the final ᾱ is the first one unless the scheduler sets it to one", () => {
  const final = (setAlphaToOne: boolean): number =>
    finalAlphaBar({ ...vista.scheduler, setAlphaToOne }, alphas);
  expect([final(false), final(true)]).toEqual([golden.alphas_cumprod[0], 1]);
});

test("every next start equals the published code's, where 1000 means that there is none", () => {
  expect(golden.next_start.length).toBe(112);
  for (const row of golden.next_start) {
    const start = nextStart(alphas, { until: row.t, shrink: row.os / row.ts, gamma: row.gamma });
    expect(start ?? 1000, JSON.stringify(row)).toBe(row.next);
  }
});

for (const preset of golden.presets.filter(({ model }) => model !== "sd3"))
  test(`preset ${preset.preset} runs through the published timesteps`, () => {
    let start = 999;
    for (const [index, stage] of preset.stages.entries()) {
      const until = preset.msp_endtimes[index] ?? 0;
      const steps = preset.msp_steps[index] ?? 0;
      expect(stageTimesteps(start, until, steps)).toEqual(stage.timesteps);
      expect(publishedStepCount(start, until, steps)).toBe(stage.num_inference_steps);
      const [from, to] = [preset.tsize[index], preset.tsize[index + 1]];
      if (from === undefined || to === undefined) break;
      const shrink = Math.min(from[0] / to[0], from[1] / to[1]);
      start = nextStart(alphas, { until, shrink, gamma: preset.msp_gamma }) ?? 1000;
    }
  });

const flow = { kind: "flow", trainTimesteps: 1000, shift: 3 } as const;

test("every next start of flow matching equals the published code's", () => {
  expect(golden.next_start_flow.length).toBe(18);
  for (const { t, os, ts, next } of golden.next_start_flow)
    expect(flowStart({ until: t, shrink: os / ts }), `${t} ${os} ${ts}`).toBe(next);
});

test("the sigmas of flow matching equal the published code's in every bit, and end at 0", () => {
  const sigmas = flowSigmas(flow);
  const presets = golden.presets.filter((preset) => preset.sigmas !== undefined);
  expect(presets.length).toBe(1);
  for (const { stages, sigmas: expected } of presets)
    expect(stages.flatMap(({ indexs }) => indexs).map((index) => sigmas[index])).toEqual(expected);
  expect([sigmas.length, sigmas[0], sigmas[1000]]).toEqual([1001, 1, 0]);
});

for (const preset of golden.presets.filter(({ model }) => model === "sd3"))
  test.each(["published", "corrected"] as const)(
    `preset ${preset.preset} runs through the published noise (%s)`,
    (variant) => {
      const schedule = flowSchedule(flow, { variant });
      const sigmas = flowSigmas(flow);
      let start = 999;
      for (const [index, { indexs, timesteps }] of preset.stages.entries()) {
        const until = preset.msp_endtimes[index] ?? 0;
        const steps = schedule.steps({ start, until, steps: preset.msp_steps[index] ?? 0 });
        const last = variant === "published" ? indexs : [...indexs.slice(0, -1), 1000 - until];
        expect(steps).toEqual(
          timesteps.map((_, step) => ({
            kind: "flow",
            timestep: 999 - (indexs[step] ?? 0),
            sigma: sigmas[indexs[step] ?? 0],
            nextSigma: sigmas[last[step + 1] ?? 0],
          })),
        );
        expect(steps.map(networkTimestep)).toEqual(timesteps);
        start = schedule.nextStart({ until, shrink: 0.5 }) ?? 1000;
      }
    },
  );

test.each([
  [{ start: 999, until: 0, steps: 1 }, [999]],
  [{ start: 5, until: 5, steps: 1 }, [5]],
  [{ start: 999, until: 0, steps: 2 }, [999, 0]],
  [{ start: 3, until: 1, steps: 5 }, [3, 2, 2, 1, 1]],
  [{ start: 999, until: 100, steps: 4 }, [999, 699, 399, 100]],
])("timesteps of %j", ({ start, until, steps }, expected) => {
  expect(stageTimesteps(start, until, steps)).toEqual(expected);
});

const span = fc
  .tuple(fc.integer({ min: 0, max: 998 }), fc.integer({ min: 1, max: 999 }))
  .filter(([until, start]) => until < start);

test("timesteps fall strictly from start to until wherever there are enough of them", () => {
  fc.assert(
    fc.property(span, fc.integer({ min: 2, max: 120 }), ([until, start], wanted) => {
      const steps = Math.min(wanted, start - until + 1);
      const timesteps = stageTimesteps(start, until, steps);
      expect(timesteps.length).toBe(steps);
      expect(timesteps[0]).toBe(start);
      expect(timesteps.at(-1)).toBe(until);
      const falls = timesteps.every((t, index) => index === 0 || t < (timesteps[index - 1] ?? 0));
      expect(falls).toBe(true);
    }),
  );
});

test("a next stage starts noisier than the one before ends", () => {
  const shrinks = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), shrinks, (until, shrink) => {
      const start = nextStart(alphas, { until, shrink, gamma: 2 });
      if (start !== null) expect(start).toBeGreaterThan(until);
      else expect(until).toBeGreaterThan(0);
    }),
  );
});

test("a next stage that does not grow starts where the one before ends", () => {
  for (const until of [0, 200, 999])
    expect(nextStart(alphas, { until, shrink: 1, gamma: 2 })).toBe(until);
});
