// The bench's figures as tables for people.
import { estimateTime } from "../daemon/plan/estimate.ts";
import type { Plan } from "../daemon/plan/plan.ts";
import type { PartFigures, RunFigures } from "./measure-run.ts";
import { median, spread } from "./spread.ts";

/** What was measured of one case of the bench. */
export interface CaseFigures {
  readonly name: string;
  readonly plan: Plan;
  readonly runs: readonly RunFigures[];
}

/** One case: a row a part, medians over the repeats. */
export function showCase(name: string, plan: Plan, runs: readonly RunFigures[]): string {
  const peak = median(runs.map((run) => run.gemmGflops));
  const keys = runs[0]?.parts.map(({ key }) => key) ?? [];
  const rows = keys.map((key) => showPart(key, plan, { runs, peak }));
  return [
    "",
    `## ${name}: ${plan.stages.map(({ size }) => `${size.width}×${size.height}`).join(" → ")}, ${plan.cost.networkCalls} network calls, ${runs.length === 1 ? "one run" : `${runs.length} repeats`}`,
    `GEMM peak ${spread(
      runs.map((run) => run.gemmGflops),
      0,
    )} GFLOP/s`,
    "",
    "| part | calls | seconds a call | TFLOP a call | GFLOP/s | of GEMM peak |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    `whole run ${spread(
      runs.map((run) => run.total),
      2,
    )} s · first network call after ${spread(
      runs.map((run) => run.firstUNetCall),
      2,
    )} s · peak memory ${spread(
      runs.map((run) => run.peakBytes / 2 ** 20),
      0,
    )} MB, planned ${(plan.memory.peak / 2 ** 20).toFixed(0)} MB`,
  ].join("\n");
}

/** FreCaS against direct sampling at the same size. */
export function showComparison(results: {
  readonly frecas: readonly RunFigures[];
  readonly direct: readonly RunFigures[];
}): string {
  const ratios = (of: (run: RunFigures) => number): readonly number[] =>
    results.direct.flatMap((run, index) => {
      const other = results.frecas[index];
      return other ? [of(run) / of(other)] : [];
    });
  return [
    "",
    "## FreCaS against direct sampling at 512×512",
    `direct takes ${spread(
      ratios((run) => run.total),
      2,
    )} times as long and ${spread(
      ratios((run) => run.peakBytes),
      2,
    )} times the memory`,
  ].join("\n");
}

/**
 * What plans said and what runs took: the peak is the largest resident set of the engine (VmHWM), seconds are those of
 * network calls, which plans estimate at the machine's matrix-product peak.
 */
export function showPlanned(cases: readonly CaseFigures[]): string {
  return [
    "",
    "## Plans against runs",
    "",
    "| case | planned MB | measured MB | ratio | estimated s | calls took s | ratio |",
    "|---|---|---|---|---|---|---|",
    ...cases.map(showPlan),
  ].join("\n");
}

function showPlan({ name, plan, runs }: CaseFigures): string {
  const gflops = median(runs.map((run) => run.gemmGflops));
  const rate = { gflopsText: gflops, gflopsDenoiser: gflops, gflopsVae: gflops };
  const planned = { bytes: plan.memory.peak, seconds: estimateTime(plan, rate).total };
  const bytes = median(runs.map((run) => run.peakBytes));
  const seconds = median(runs.map(callSeconds));
  const megabytes = (value: number): string => (value / 2 ** 20).toFixed(0);
  const memory = [megabytes(planned.bytes), megabytes(bytes), (planned.bytes / bytes).toFixed(2)];
  const time = [
    planned.seconds.toFixed(1),
    seconds.toFixed(1),
    (planned.seconds / seconds).toFixed(2),
  ];
  return `| ${[name, ...memory, ...time].join(" | ")} |`;
}

const callSeconds = ({ parts }: RunFigures): number =>
  parts
    .filter(({ key }) => !key.startsWith("opening"))
    .reduce((sum, part) => sum + part.seconds, 0);

function showPart(
  key: string,
  plan: Plan,
  { runs, peak }: { readonly runs: readonly RunFigures[]; readonly peak: number },
): string {
  const parts = runs.flatMap((run) => run.parts.filter((part) => part.key === key));
  const calls = parts[0]?.calls ?? 0;
  const seconds = median(parts.map((part) => part.seconds / part.calls));
  const flops = flopsPerCall(parts[0], plan);
  if (flops === null) return `| ${key} | ${calls} | ${seconds.toFixed(3)} | | | |`;
  const gflops = flops / seconds / 1e9;
  const share = `${((gflops / peak) * 100).toFixed(0)} %`;
  return `| ${key} | ${calls} | ${seconds.toFixed(3)} | ${(flops / 1e12).toFixed(3)} | ${gflops.toFixed(0)} | ${share} |`;
}

/** From the plan; null for what is no network call. */
function flopsPerCall(part: PartFigures | undefined, plan: Plan): number | null {
  if (part === undefined) return null;
  const [kind, stage] = part.key.split(" ");
  if (kind === "text") return plan.cost.text / part.calls;
  if (kind === "denoiser") return (plan.cost.denoiserByStage[Number(stage)] ?? 0) / part.calls;
  if (kind === "vae") return (plan.cost.vaeByStage[Number(stage)] ?? 0) / part.calls;
  return null;
}
