// The noise schedule of a model's kind, as a recipe's settings want it.
import type { ModelConfig } from "../config/model-config.ts";
import type { Settings } from "./choose-settings.ts";
import { ddimSchedule } from "./ddim-schedule.ts";
import { flowSchedule } from "./flow-schedule.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";

export function chooseSchedule(
  config: ModelConfig["scheduler"],
  settings: Pick<Settings, "variant" | "gamma">,
): NoiseSchedule {
  switch (config.kind) {
    case "ddim":
      return ddimSchedule(config, settings);
    case "flow":
      return flowSchedule(config, settings);
    default:
      return config satisfies never;
  }
}
