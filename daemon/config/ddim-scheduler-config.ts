// scheduler/scheduler_config.json as plain data: only what the DDIM schedule of the method needs.
// Whatever scheduler the folder names, the published code samples with DDIM over the same betas.
import { z } from "zod";
import type { ReadText } from "../base/read-json.ts";
import { readConfig } from "./read-config.ts";

export interface DdimSchedulerConfig {
  readonly kind: "ddim";
  readonly trainTimesteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: "scaled_linear" | "linear";
  readonly parametrisation: "epsilon" | "v_prediction";
  readonly setAlphaToOne: boolean;
}

const schema = z.object({
  num_train_timesteps: z.literal(1000).default(1000),
  beta_start: z.number().positive(),
  beta_end: z.number().positive(),
  beta_schedule: z.enum(["scaled_linear", "linear"]).default("linear"),
  prediction_type: z.enum(["epsilon", "v_prediction"]).default("epsilon"),
  set_alpha_to_one: z.boolean().default(true),
  trained_betas: z.null().optional(),
});

/** Reads folder/scheduler/scheduler_config.json. */
export function readDdimSchedulerConfig(folder: string, readText: ReadText): DdimSchedulerConfig {
  const raw = readConfig(schema, folder, "scheduler/scheduler_config.json", readText);
  return {
    kind: "ddim",
    trainTimesteps: raw.num_train_timesteps,
    betaStart: raw.beta_start,
    betaEnd: raw.beta_end,
    betaSchedule: raw.beta_schedule,
    parametrisation: raw.prediction_type,
    setAlphaToOne: raw.set_alpha_to_one,
  };
}
