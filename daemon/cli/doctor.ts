// `frecas doctor`: tries the providers, measures the machine, and keeps what is best for later runs.
import { availableMemory } from "../base/available-memory.ts";
import { engineCrashed } from "../base/failure.ts";
import { showMemory } from "../base/show-memory.ts";
import { updateProfile } from "../planner/machine-profile.ts";
import type { DoctorReport, ProviderReport } from "../protocol/engine-message.ts";
import { startEngine, throwUnlessDone } from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";

export async function doctor({ json }: OutputOptions, context: CliContext): Promise<number> {
  const engine = startEngine(context.engine);
  const { outcome } = await engine.doctor().finally(() => engine.kill());
  throwUnlessDone(outcome);
  if (outcome.kind !== "report") throw engineCrashed("no report", "run it again", "");
  const { report } = outcome;
  const memoryBytes = availableMemory();
  const provider = report.providers.find(({ usable }) => usable)?.provider ?? "cpu";
  const lines = json
    ? [JSON.stringify({ ...report, memoryBytes, provider })]
    : [...describe(report, memoryBytes), `runs use   ${provider}`];
  for (const line of lines) context.terminal.out(line);
  await updateProfile(context.profile, { provider });
  return 0;
}

function describe(report: DoctorReport, memoryBytes: number): readonly string[] {
  const { runtime, threads, gemmGflops, providers } = report;
  return [
    `runtime    ${runtime}, Node ${process.versions.node}`,
    `processor  ${threads} threads, ${gemmGflops.toFixed(0)} GFLOP/s in a matrix product`,
    `memory     ${showMemory(memoryBytes)} available`,
    ...providers.map(describeProvider),
  ];
}

function describeProvider({
  provider,
  usable,
  note,
  error,
  fusedAttention,
}: ProviderReport): string {
  const verdict = `${provider.padEnd(10)} ${usable ? "works" : "does not work"}: ${note}`;
  if (error === null) return verdict;
  const attention = fusedAttention ? "fused" : "written-out";
  return `${verdict} (largest difference ${error.toExponential(1)}, ${attention} attention)`;
}
