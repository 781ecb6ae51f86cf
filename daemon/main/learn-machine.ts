// What the daemon's runs and its doctor teach about this machine is kept for later plans and estimates.
import type { Plan } from "../plan/plan.ts";
import { updateProfile } from "../planner/machine-profile.ts";
import { speedMeter } from "../planner/measure-speed.ts";
import type { DoctorReport } from "../protocol/engine-message.ts";
import type { EngineHost } from "../queue/engine-host.ts";

/** The same host, whose runs are measured. `profile` is the file of what is known of this machine. */
export function measuredHost(host: EngineHost, profile: string): EngineHost {
  return {
    run: async (plan, places, listener) => {
      const meter = speedMeter();
      const attempt = await host.run(plan, places, {
        ...listener,
        onEvent: (atMs, event) => {
          meter.hear(atMs, event);
          listener.onEvent(atMs, event);
        },
      });
      if (attempt.kind === "ended" && attempt.end.kind === "done") {
        // What has been painted is a plan.
        const learnt = meter.learn(plan as unknown as Plan);
        if (learnt !== undefined) await updateProfile(profile, learnt);
      }
      return attempt;
    },
    sweep: (plan) => host.sweep(plan),
    cancel: () => host.cancel(),
    kill: () => host.kill(),
  };
}

/** Later plans are for the first provider that works. */
export async function keepProvider(report: DoctorReport, profile: string): Promise<DoctorReport> {
  const provider = report.providers.find(({ usable }) => usable)?.provider ?? "cpu";
  await updateProfile(profile, { provider });
  return report;
}
