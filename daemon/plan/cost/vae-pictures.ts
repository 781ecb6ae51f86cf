// How often the VAE works: pictures that it encodes into a stage and decodes out of it, for each prompt.
import type { PlannedInit } from "../plan.ts";

export interface VaePictures {
  readonly encoded: number;
  readonly decoded: number;
}

interface CascadeOfPictures {
  readonly stages: readonly { readonly steps: readonly unknown[] }[];
  readonly images: number;
  readonly init: Pick<PlannedInit, "stage"> | null;
}

/** For each stage. A given picture is encoded once for all images: into the stage that enlarges it, and for its maps. */
export function vaePictures({ stages, images, init }: CascadeOfPictures): readonly VaePictures[] {
  return stages.map(({ steps }, index) => {
    if (init === null) return { encoded: index === 0 ? 0 : images, decoded: images };
    if (index > init.stage) return { encoded: images, decoded: images };
    if (index === init.stage) return { encoded: 1, decoded: images };
    return { encoded: steps.length > 0 ? 1 : 0, decoded: 0 };
  });
}
