// Small pictures of a run while it goes on: after a step through the linear map of its latent space, at a stage's end
// from the decoded picture, which fits the map where there is none. Takes at most a hundredth of the run's time.
import type { LatentMap } from "../base/latent-maps-file.ts";
import type { VaeConfig } from "../config/vae-config.ts";
import type { Picture } from "../image/picture.ts";
import { encodePng } from "../image/write-png.ts";
import type { Preview } from "../protocol/preview.ts";
import type { StepRecord } from "../sampler/sample.ts";
import { fitLatentMap, latentSpaceOf, showLatent, showPicture } from "./latent-map.ts";
import type { RunContext } from "./run-plan.ts";

/** Which linear map shows which latent space. */
export interface LatentMaps {
  get(space: string): LatentMap | undefined;
  /** Keeps a map for later runs too, where that can be. */
  learn(space: string, map: LatentMap): Promise<void>;
}

interface PreviewOptions {
  readonly maps: LatentMaps;
  nowMs(): number;
  onPreview(preview: Preview): void;
}

/** Nobody sees more than this many a second. */
const leastMs = 200;

/** A preview that took a millisecond is the only one in this many. */
const mostShare = 100;

/** Longest side of the picture at a stage's end. */
const mostPx = 512;

/** What a run calls after each step. */
export function previewMaker({
  maps,
  nowMs,
  onPreview,
}: PreviewOptions): NonNullable<RunContext["onStep"]> {
  let nextMs = 0;
  return async (record, { prompt, vae }) => {
    const startMs = nowMs();
    if (startMs < nextMs && record.picture === null) return;
    const picture = await show(record, vae, maps);
    if (picture === undefined) return;
    const { stage, step } = record;
    const { width, height } = picture;
    const png = Buffer.from(await encodePng(picture, {})).toString("base64");
    onPreview({ prompt, stage, step, width, height, png });
    const endMs = nowMs();
    nextMs = endMs + Math.max(leastMs, mostShare * (endMs - startMs));
  };
}

async function show(
  { x0, picture }: StepRecord,
  vae: VaeConfig,
  maps: LatentMaps,
): Promise<Picture | undefined> {
  const space = latentSpaceOf(vae);
  const map = maps.get(space);
  if (picture === null) return map && showLatent(x0, map);
  // One picture is shared by all images where the run began with it.
  const isOfLatent = picture.shape[0] === x0.shape[0] && isMultiple(picture.shape, x0.shape);
  if (map === undefined && isOfLatent) await maps.learn(space, fitLatentMap(x0, picture));
  return showPicture(picture, mostPx);
}

function isMultiple(picture: readonly number[], latent: readonly number[]): boolean {
  const [height, width] = picture.slice(-2).map((side, at) => side / (latent.at(at - 2) ?? 1));
  return height === width && Number.isInteger(height);
}
