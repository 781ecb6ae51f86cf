// scheduler/scheduler_config.json of models trained by flow matching, as plain data.
// Reference: diffusers src/diffusers/schedulers/scheduling_flow_match_euler_discrete.py.
import { z } from "zod";
import type { ReadText } from "../base/read-json.ts";
import { readConfig } from "./read-config.ts";

export interface FlowSchedulerConfig {
  readonly kind: "flow";
  readonly trainTimesteps: number;
  /** How far the sigmas are moved towards noise; 1 leaves them as they are. */
  readonly shift: number;
}

const off = z.literal(false).default(false);

const schema = z.object({
  _class_name: z.literal("FlowMatchEulerDiscreteScheduler"),
  num_train_timesteps: z.literal(1000).default(1000),
  shift: z.number().positive().default(1),
  use_dynamic_shifting: off,
  use_karras_sigmas: off,
  use_exponential_sigmas: off,
  use_beta_sigmas: off,
  invert_sigmas: off,
  stochastic_sampling: off,
  shift_terminal: z.null().optional(),
});

/** Reads folder/scheduler/scheduler_config.json. */
export function readFlowSchedulerConfig(folder: string, readText: ReadText): FlowSchedulerConfig {
  const raw = readConfig(schema, folder, "scheduler/scheduler_config.json", readText);
  return { kind: "flow", trainTimesteps: raw.num_train_timesteps, shift: raw.shift };
}
