// How a run is cut to the memory there is: the denoiser closed while the VAE works, the VAE in tiles, guidance's sides one
// after the other, attention in slices. The first way that fits is taken, the fastest ones first, and only as much of it as
// it takes to fit; what does not fit at all gets the one that takes least.
import type { Settings } from "./choose-settings.ts";
import { planCost } from "./cost/plan-cost.ts";
import { vaePictures } from "./cost/vae-pictures.ts";
import { type MemoryRun, mostScores, planMemory, tileable } from "./memory.ts";
import type { GuidanceSides, PlannedStage, VaeWorkspace } from "./plan.ts";
import type { UntiledStage } from "./plan-stages.ts";

export interface FittedRun {
  readonly stages: readonly PlannedStage[];
  readonly scoresAtOnce: number | null;
}

/** A run before it is cut. */
export type Run = Omit<MemoryRun, "stages" | "scoresAtOnce">;

export function fitMemory(
  { tiling }: Pick<Settings, "tiling">,
  stages: readonly UntiledStage[],
  run: Run,
  memoryBytes: number,
): FittedRun {
  const ways = waysOf(tiling, stages, run);
  const fits = ({ stages: fitted, scoresAtOnce }: FittedRun): boolean =>
    planMemory({ ...run, stages: fitted, scoresAtOnce }).peak <= memoryBytes;
  const way = ways.find(fits) ?? (ways[ways.length - 1] as FittedRun);
  return openedWay(joinedWay(way, fits), fits);
}

/** Scores that attention may hold at once, largest first: 1 GB in float32 and less. */
const slices = [2 ** 28, 2 ** 26, 2 ** 24, 2 ** 22];

/** None where the kernel holds no scores, as the CPU's, or where there are no more than in a slice. */
function slicesFor(stages: readonly PlannedStage[], run: Run): readonly (number | null)[] {
  if (run.provider === "cpu") return [null];
  const most = mostScores({ ...run, stages });
  return slices.map((atOnce) => (most <= atOnce ? null : atOnce));
}

/** The fastest first. */
function waysOf(
  tiling: Settings["tiling"],
  stages: readonly UntiledStage[],
  run: Run,
): readonly FittedRun[] {
  const whole = wholeStages(stages, run);
  const tiled = tiledStages(stages, run);
  const tilings: readonly (readonly TiledStage[])[] = {
    off: [whole],
    on: [tiled],
    auto: autoTilings(whole, tiled, run),
  }[tiling];
  const together = tilings.map((each) => withSides(each, "together"));
  const last = tilings[tilings.length - 1] as readonly TiledStage[];
  const apart = run.sides === 1 ? [] : [withSides(last, "apart")];
  return [...together, ...apart].flatMap((each) =>
    slicesFor(each, run).map((scoresAtOnce) => ({ stages: alone(each, run), scoresAtOnce })),
  );
}

type Fits = (way: FittedRun) => boolean;

/** Both sides in one call in each stage whose memory allows it. */
const joinedWay = (way: FittedRun, fits: Fits): FittedRun =>
  relaxed(way, fits, { sides: "together" });

/** The denoiser open beside the VAE wherever memory allows it: the pictures are the same, and opening takes time. */
const openedWay = (way: FittedRun, fits: Fits): FittedRun =>
  relaxed(relaxed(way, fits, { encodesAlone: false }), fits, { decodesAlone: false });

/** The same way with `change` in each stage in which it fits even so. */
function relaxed(way: FittedRun, fits: Fits, change: Partial<PlannedStage>): FittedRun {
  const stages = way.stages.map((stage, index) => {
    const changed: PlannedStage = { ...stage, ...change };
    return fits({ ...way, stages: way.stages.with(index, changed) }) ? changed : stage;
  });
  return { ...way, stages };
}

type TiledStage = Omit<PlannedStage, "sides" | "encodesAlone" | "decodesAlone">;

/** With everything open. */
const withSides = (stages: readonly TiledStage[], sides: GuidanceSides): readonly PlannedStage[] =>
  stages.map((stage) => ({ ...stage, encodesAlone: false, decodesAlone: false, sides }));

/** The denoiser is closed whenever the VAE works. */
function alone(stages: readonly PlannedStage[], run: Run): readonly PlannedStage[] {
  const pictures = vaePictures({ ...run, stages });
  return stages.map((stage, index) => ({
    ...stage,
    encodesAlone: pictures[index]?.encoded !== 0,
    decodesAlone: pictures[index]?.decoded !== 0,
  }));
}

/**
 * Tiles where one piece does not fit, or where it takes more than twice the operations: attention over the whole latent
 * grows with the square of its cells, so that a very large picture is painted faster in tiles.
 */
function autoTilings(
  whole: readonly TiledStage[],
  tiled: readonly TiledStage[],
  run: Run,
): readonly (readonly TiledStage[])[] {
  const flops = (stages: readonly TiledStage[]): number =>
    planCost({
      ...run,
      stages: withSides(stages, "together"),
      tokens: { encoders: 0, denoiser: 0 },
    }).vaeByStage.reduce((sum, each) => sum + each, 0);
  return flops(whole) > 2 * flops(tiled) ? [tiled] : [whole, tiled];
}

function wholeStages(stages: readonly UntiledStage[], run: Run): readonly TiledStage[] {
  return stages.map((stage) => ({
    ...stage,
    tiledEncode: false,
    tiledDecode: false,
    vaeWorkspace: workspace(run, stage.size.width, stage.size.height),
  }));
}

function tiledStages(stages: readonly UntiledStage[], run: Run): readonly TiledStage[] {
  const { tilePx } = run;
  const pictures = vaePictures({ ...run, stages });
  return stages.map((stage, index) => ({
    ...stage,
    tiledEncode: pictures[index]?.encoded !== 0 && tileable(stage.size, tilePx),
    tiledDecode: pictures[index]?.decoded !== 0 && tileable(stage.size, tilePx),
    vaeWorkspace: workspace(
      run,
      Math.min(stage.size.width, tilePx),
      Math.min(stage.size.height, tilePx),
    ),
  }));
}

/** Pixels of one call's batch up to which the VAE keeps its memory from layer to layer. */
const keptPixels = 512 * 512;

const workspace = ({ images }: Run, widthPx: number, heightPx: number): VaeWorkspace =>
  images * widthPx * heightPx <= keptPixels ? "keep" : "release";
