// What the daemon has kept of the inside of the run that painted a picture: its stages' pictures, and its attention maps.
import type { KeptStage } from "../../daemon/protocol/kept-stage.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";

export interface KeptInside {
  /** Of this picture's own image, the first stage first; `path` is absolute. */
  readonly stages: readonly StagePicture[];
  /** The maps that the last stage reused, and which image of theirs is this picture's. */
  readonly maps: { readonly path: string; readonly image: number } | null;
  /** Pixels of the stage before the last one, where guidance parts low from high; null where there was none. */
  readonly lowSize: RunRecord["size"] | null;
}

interface StagePicture {
  readonly stage: number;
  readonly path: string;
  /** Pixels. */
  readonly size: RunRecord["size"];
}

export const nothingInside: KeptInside = { stages: [], maps: null, lowSize: null };

/** Of the picture at `path`, which the run has painted; nothing of any other one. */
export function keptInside(
  { pictures, keptStages, stages }: Pick<RunRecord, "pictures" | "keptStages" | "stages">,
  path: string,
): KeptInside {
  const picture = pictures.findLast((one) => one.path === path);
  if (picture === undefined) return nothingInside;
  const { prompt, image } = picture;
  const kept = keptStages
    .filter((stage) => stage.prompt === prompt)
    .sort((one, other) => one.stage - other.stage);
  const maps = kept.findLast((stage) => stage.maps !== null)?.maps ?? null;
  return {
    stages: kept.flatMap((stage) => pictureOf(stage, image, stages)),
    maps: maps === null ? null : { path: maps, image },
    lowSize: stages.at(-2)?.size ?? null,
  };
}

/** One picture serves all images where the run began with it. */
function pictureOf(
  { stage, pictures }: KeptStage,
  image: number,
  stages: RunRecord["stages"],
): readonly StagePicture[] {
  const path = pictures[image] ?? pictures[0];
  const size = stages[stage]?.size;
  return path === undefined || size === undefined ? [] : [{ stage, path, size }];
}
