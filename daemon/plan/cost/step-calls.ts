// What the network is called with in one step of a stage, whatever the method: sizes and numbers of latents.
import type { Size } from "../../base/size.ts";
import type { PlannedStage } from "../plan.ts";
import type { PlannedDemofusion, PlannedMethod } from "../planned-method.ts";

/** Calls of one kind. */
export interface StepCall {
  /** Of each latent, in cells. */
  readonly latent: Size;
  /** Latents in a call, guidance's second side not counted. */
  readonly latents: number;
  /** How many such calls a step has. */
  readonly times: number;
}

/** `index` is the stage's place in the plan. */
export function stepCalls(
  planned: PlannedMethod,
  { latent }: Pick<PlannedStage, "latent">,
  { index, images }: { readonly index: number; readonly images: number },
): readonly StepCall[] {
  if (planned.method !== "demofusion" || index === 0)
    return [{ latent, latents: images, times: 1 }];
  const { window, windowsAtOnce } = planned.demofusion;
  const scale = index + 1;
  const sample = {
    width: Math.ceil(latent.width / scale),
    height: Math.ceil(latent.height / scale),
  };
  return [
    ...inBatches(countWindows(planned.demofusion, latent), windowsAtOnce, {
      width: window,
      height: window,
    }),
    ...inBatches(scale * scale, windowsAtOnce, sample),
  ];
}

/** Of DemoFusion's grid: as many as it takes to reach the other border. */
export function countWindows(
  { window, stride }: Pick<PlannedDemofusion, "window" | "stride">,
  latent: Size,
): number {
  const along = (cells: number): number => Math.ceil((cells - window) / stride) + 1;
  return along(latent.width) * along(latent.height);
}

function inBatches(count: number, atOnce: number, latent: Size): readonly StepCall[] {
  const rest = count % atOnce;
  return [
    { latent, latents: Math.min(atOnce, count), times: Math.floor(count / atOnce) },
    { latent, latents: rest, times: rest > 0 ? 1 : 0 },
  ].filter(({ times }) => times > 0);
}
