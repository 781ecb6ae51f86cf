// scheduler/scheduler_config.json as plain data: only what the DDIM schedule of the method needs.
// Whatever scheduler the folder names, the published code samples with DDIM over the same betas.
import { z } from "zod";
import { unsupportedModel } from "../base/failure.ts";
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
  /** Whether the betas are rescaled so that the last timestep is noise alone (Lin et al. 2023, algorithm 1). */
  readonly zeroTerminalSnr: boolean;
}

const file = "scheduler/scheduler_config.json";

const schema = z.object({
  num_train_timesteps: z.literal(1000).default(1000),
  beta_start: z.number().positive(),
  beta_end: z.number().positive(),
  beta_schedule: z.enum(["scaled_linear", "linear"]).default("linear"),
  prediction_type: z.enum(["epsilon", "v_prediction"]).default("epsilon"),
  set_alpha_to_one: z.boolean().default(true),
  trained_betas: z.null().optional(),
  rescale_betas_zero_snr: z.boolean().default(false),
});

/** Reads folder/scheduler/scheduler_config.json. Failures: incomplete, not understood, unsupported. */
export function readDdimSchedulerConfig(folder: string, readText: ReadText): DdimSchedulerConfig {
  const raw = readConfig(schema, folder, file, readText);
  // Noise that is predicted from noise alone says nothing of a picture.
  if (raw.rescale_betas_zero_snr && raw.prediction_type === "epsilon")
    throw unsupportedModel(
      `${folder}/${file}`,
      "rescale_betas_zero_snr: true with prediction_type: epsilon",
      "one with prediction_type: v_prediction where its last timestep is noise alone",
    );
  return {
    kind: "ddim",
    trainTimesteps: raw.num_train_timesteps,
    betaStart: raw.beta_start,
    betaEnd: raw.beta_end,
    betaSchedule: raw.beta_schedule,
    parametrisation: raw.prediction_type,
    setAlphaToOne: raw.set_alpha_to_one,
    zeroTerminalSnr: raw.rescale_betas_zero_snr,
  };
}
