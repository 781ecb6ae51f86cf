// What there is to paint on, in words.
import type { DoctorReport } from "../../daemon/protocol/engine-message.ts";

export function showDoctor({ runtime, threads, gemmGflops, providers }: DoctorReport): string {
  return [
    `runtime    ${runtime}`,
    `processor  ${threads} threads, ${gemmGflops.toFixed(0)} GFLOP/s in a matrix product`,
    ...providers.map(
      ({ provider, usable, note }) =>
        `${provider.padEnd(10)} ${usable ? "works" : "does not work"}: ${note}`,
    ),
    "",
  ].join("\n");
}
