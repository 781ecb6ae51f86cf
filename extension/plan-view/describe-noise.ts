// The noise of a plan's steps as a plot wants it. In log-SNR the jump between stages of FreCaS is a straight shift:
// ln(SNR) falls by γ · ln(new side / old side) (method §2). Pure.
import type { Plan, PlannedStep } from "../../daemon/plan/plan.ts";
import { printedKeys } from "../../daemon/recipe/printed-keys.ts";
import type { NoiseFigure, NoiseJump, NoisePoint } from "./plan-messages.ts";

export function describeNoise(plan: Plan): NoiseFigure {
  const stages = plan.stages.map(({ steps }) => steps.map(noiseOf));
  const symbol = isFlow(plan) ? "σ" : "ᾱ";
  const jumps = findJumps(plan, stages);
  return {
    symbol,
    stages: stages.map((steps) => steps.map(toPoint)),
    jumps,
    summary: summarise(stages, jumps),
  };
}

/** `logSnr` is infinite where there is nothing but noise, or none. */
interface StepNoise {
  readonly timestep: number;
  readonly noise: number;
  readonly logSnr: number;
}

const toPoint = ({ timestep, noise, logSnr }: StepNoise): NoisePoint => ({
  timestep,
  noise,
  logSnr: Number.isFinite(logSnr) ? logSnr : logSnr > 0 ? "picture" : "noise",
});

function noiseOf(step: PlannedStep): StepNoise {
  const { timestep } = step;
  switch (step.kind) {
    case "ddim":
    case "redilated": {
      const { alphaBar } = step;
      return { timestep, noise: alphaBar, logSnr: Math.log(alphaBar / (1 - alphaBar)) };
    }
    case "flow": {
      const { sigma } = step;
      return { timestep, noise: sigma, logSnr: 2 * Math.log((1 - sigma) / sigma) };
    }
    case "euler": {
      const { sigma } = step;
      return { timestep, noise: 1 / (1 + sigma ** 2), logSnr: -2 * Math.log(sigma) };
    }
    default:
      return step satisfies never;
  }
}

function findJumps(plan: Plan, stages: readonly (readonly StepNoise[])[]): readonly NoiseJump[] {
  return stages.flatMap((points, into) => {
    const from = stages[into - 1]?.at(-1);
    const to = points[0];
    if (from === undefined || to === undefined) return [];
    const gamma = gammaOf(plan);
    const fall = to.logSnr - from.logSnr;
    const change = Number.isFinite(fall) ? fall.toFixed(2).replace("-", "−") : "−∞";
    const label = gamma === null ? change : `${change}, γ ${gamma}`;
    return [{ into, fromTimestep: from.timestep, toTimestep: to.timestep, label }];
  });
}

const isFlow = ({ stages }: Plan): boolean => stages.at(-1)?.steps[0]?.kind === "flow";

/** As the recipe with nothing left to presets says it. Flow matching has a rule without γ, whatever the recipe says. */
function gammaOf(plan: Plan): string | null {
  const gamma = printedKeys(plan.recipe ?? "").get("gamma");
  return isFlow(plan) ? null : (gamma ?? null);
}

function summarise(stages: readonly (readonly StepNoise[])[], jumps: readonly NoiseJump[]): string {
  const spans = stages.flatMap((points, index) => {
    const [first, last] = [points[0], points.at(-1)];
    return first === undefined || last === undefined
      ? []
      : [`stage ${index + 1} goes from timestep ${first.timestep} to ${last.timestep}`];
  });
  const back = jumps.map(
    ({ into, fromTimestep, toTimestep }) =>
      `before stage ${into + 1}, noise is put back from ${fromTimestep} to ${toTimestep}`,
  );
  const sentence = [...spans, ...back].join("; ");
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
}
