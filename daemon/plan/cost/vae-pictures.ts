// How often the VAE works: pictures that it encodes into a stage and decodes out of it, for each prompt.
import type { PlannedInit } from "../plan.ts";
import type { PlannedMethod } from "../planned-method.ts";

export interface VaePictures {
  readonly encoded: number;
  readonly decoded: number;
}

interface CascadeOfPictures {
  readonly planned: Pick<PlannedMethod, "method">;
  readonly stages: readonly { readonly steps: readonly unknown[] }[];
  readonly images: number;
  readonly init: Pick<PlannedInit, "stage"> | null;
}

/** For each stage. DemoFusion's later phases begin with latents; only its first and its last picture are decoded. */
export function vaePictures(cascade: CascadeOfPictures): readonly VaePictures[] {
  const { planned, stages, images } = cascade;
  if (planned.method !== "demofusion") return ofCascade(cascade);
  return stages.map((_, index) => ({
    encoded: 0,
    decoded: index === 0 || index === stages.length - 1 ? images : 0,
  }));
}

/** A given picture is encoded once for all images: into the stage that enlarges it, and for its maps. */
function ofCascade({ stages, images, init }: CascadeOfPictures): readonly VaePictures[] {
  return stages.map(({ steps }, index) => {
    if (init === null) return { encoded: index === 0 ? 0 : images, decoded: images };
    if (index > init.stage) return { encoded: images, decoded: images };
    if (index === init.stage) return { encoded: 1, decoded: images };
    return { encoded: steps.length > 0 ? 1 : 0, decoded: 0 };
  });
}
