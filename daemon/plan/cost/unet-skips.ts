// The UNet's skip connections: what the way down keeps until the way up has used it.
import type { UNetConfig } from "../../config/unet-config.ts";

/** One kept tensor: channels at a level, level 0 being the latent's size. */
export interface Skip {
  readonly level: number;
  readonly channels: number;
}

export function unetSkips(config: UNetConfig): readonly Skip[] {
  const last = config.levels.length - 1;
  return [
    { level: 0, channels: config.levels[0]?.channels ?? 0 },
    ...config.levels.flatMap(({ channels, resnets }, level) => [
      ...Array.from({ length: resnets }, () => ({ level, channels })),
      ...(level === last ? [] : [{ level: level + 1, channels }]),
    ]),
  ];
}
