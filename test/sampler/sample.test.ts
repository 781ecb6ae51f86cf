// The cascade over a made-up network and VAE that write down every call: order, shapes and values (method §3–§8).
import { describe, expect, it } from "vitest";
import { sizeOf, type Tensor } from "../../daemon/base/tensor.ts";
import type { PlannedStage } from "../../daemon/plan/plan.ts";
import { gridOf } from "../../daemon/sampler/attention-maps.ts";
import {
  type NetworkCall,
  type SamplerParts,
  type StepRecord,
  sample,
} from "../../daemon/sampler/sample.ts";

const filled = (shape: readonly number[], value: number): Tensor => ({
  shape,
  data: new Float32Array(sizeOf(shape)).fill(value),
});

interface Log {
  /** Every call, as words, in order. */
  readonly words: string[];
  readonly calls: NetworkCall[];
  readonly encoded: Tensor[];
  readonly decoded: Tensor[];
  readonly records: StepRecord[];
}

const images = 2;
const tokens = 3;
const mapLevels = [0, 2];
const scalingFactor = 0.5;
/** The made-up VAE: every latent decodes to this and encodes to the mean and deviation below. */
const decodedValue = 4;
const mean = 0.75;
const deviation = 0.25;

const show = (x: Tensor): string => x.shape.join("×");

interface Options {
  readonly stopAt?: number;
  /** What the cascade begins with, and the stage that enlarges it. */
  readonly picture?: Tensor;
  readonly stage?: number;
}

/** Predicts 0, draws 1, 2, 3, …, and collects maps of the stage's number plus one. */
function parts(
  log: Log,
  plan: readonly PlannedStage[],
  { stopAt = Number.POSITIVE_INFINITY, picture }: Options,
): SamplerParts {
  let draws = 0;
  const draw = (order: string) => (shape: readonly number[]) => {
    log.words.push(`${order} ${shape.join("×")}`);
    draws += 1;
    return filled(shape, draws);
  };
  return {
    mapLevels,
    latentChannels: 4,
    picture: picture ?? null,
    scalingFactor,
    random: { normal: draw("draw"), normalLike: draw("draw like") },
    denoise: async (call) => {
      log.words.push(
        `denoise ${call.stage} at ${call.timestep}${call.collect ? " collecting" : ""}`,
      );
      log.calls.push(call);
      const { latent } = plan[call.stage] as PlannedStage;
      const map = (level: number): Tensor => {
        const { width, height } = gridOf(latent, level);
        return filled([2 * images, width * height, tokens], call.stage + 1);
      };
      const still = filled(call.latent.shape, 0);
      return { uncond: still, cond: still, maps: call.collect ? mapLevels.map(map) : [] };
    },
    decode: async (latent, stage) => {
      log.words.push(`decode ${stage} ${show(latent)}`);
      log.decoded.push(latent);
      const [n = 0, , height = 0, width = 0] = latent.shape;
      return filled([n, 3, height * 8, width * 8], decodedValue);
    },
    encode: async (picture, stage) => {
      log.words.push(`encode ${stage} ${show(picture)}`);
      log.encoded.push(picture);
      const [n = 0, , height = 0, width = 0] = picture.shape;
      const shape = [n, 4, height / 8, width / 8];
      return { mean: filled(shape, mean), std: filled(shape, deviation) };
    },
    onStep: (record) => {
      log.words.push(`step ${record.stage}.${record.step}`);
      log.records.push(record);
      if (log.records.length === stopAt) throw new Error("stopped");
    },
  };
}

const step = (timestep: number, alphaBar: number, nextAlphaBar: number) => ({
  kind: "ddim" as const,
  parametrisation: "epsilon" as const,
  timestep,
  alphaBar,
  nextAlphaBar,
});

const stage = (
  latent: { readonly width: number; readonly height: number },
  rest: Pick<PlannedStage, "steps" | "attentionReuse" | "collectsMaps">,
): PlannedStage => ({
  size: { width: latent.width * 8, height: latent.height * 8 },
  latent,
  guidance: { kind: "cfg", scale: 7.5 },
  sides: "together",
  tiledEncode: false,
  tiledDecode: false,
  vaeWorkspace: "release",
  encodesAlone: false,
  decodesAlone: false,
  ...rest,
});

const cascade: readonly PlannedStage[] = [
  stage(
    { width: 6, height: 4 },
    {
      steps: [step(999, 0.01, 0.2), step(500, 0.25, 0.9)],
      attentionReuse: null,
      collectsMaps: true,
    },
  ),
  stage(
    { width: 12, height: 8 },
    {
      steps: [step(700, 0.36, 0.36), step(300, 0.64, 0.9)],
      attentionReuse: { weight: 0.6, factor: 1, resize: "picture" },
      collectsMaps: true,
    },
  ),
  stage(
    { width: 15, height: 11 },
    {
      steps: [step(200, 0.49, 1)],
      attentionReuse: { weight: 0.1, factor: 4, resize: "matrix" },
      collectsMaps: false,
    },
  ),
];

const size = { width: 96, height: 64 };

async function run(stages: readonly PlannedStage[], options: Options = {}): Promise<Log> {
  const log: Log = { words: [], calls: [], encoded: [], decoded: [], records: [] };
  const { stage } = options;
  const init = stage === undefined ? null : { image: "/a.png", sha256: "", size, stage };
  const plan = { init, stages, images, encodeShift: 0 } as const;
  const picture = await sample(plan, parts(log, stages, options)).catch(() => null);
  log.words.push(picture === null ? "stopped" : `picture ${show(picture)}`);
  return log;
}

const everything = [
  "draw 2×4×4×6",
  "denoise 0 at 999",
  "step 0.0",
  "denoise 0 at 500 collecting",
  "decode 0 2×4×4×6",
  "encode 1 2×3×64×96",
  "draw 2×4×8×12",
  "draw like 2×4×8×12",
  "step 0.1",
  "denoise 1 at 700",
  "step 1.0",
  "denoise 1 at 300 collecting",
  "decode 1 2×4×8×12",
  "encode 2 2×3×88×120",
  "draw 2×4×11×15",
  "draw like 2×4×11×15",
  "step 1.1",
  "denoise 2 at 200",
  "step 2.0",
  "decode 2 2×4×11×15",
  "picture 2×3×88×120",
];

describe("the cascade", () => {
  it("makes every call and every draw in the method's order", async () => {
    expect((await run(cascade)).words).toEqual(everything);
  });

  it("of one stage neither collects nor changes stage", async () => {
    const [only] = cascade as [PlannedStage];
    const { words } = await run([{ ...only, collectsMaps: false }]);
    expect(words).toEqual([
      "draw 2×4×4×6",
      "denoise 0 at 999",
      "step 0.0",
      "denoise 0 at 500",
      "step 0.1",
      "decode 0 2×4×4×6",
      "picture 2×3×32×48",
    ]);
  });

  it.each([1, 3, 5])("calls nothing more once step %i says stop", async (stopAt) => {
    const { words } = await run(cascade, { stopAt });
    const steps = everything.flatMap((word, index) => (word.startsWith("step") ? [index] : []));
    const end = (steps[stopAt - 1] ?? Number.NaN) + 1;
    expect(words).toEqual([...everything.slice(0, end), "stopped"]);
  });
});

describe("between stages", () => {
  it("the clean latent is decoded, not the next step's", async () => {
    const { decoded } = await run(cascade);
    // Nothing is predicted, so x0 is x/√ᾱ; the first step goes from ᾱ 0.01 to 0.2.
    expect(decoded[0]?.data[0]).toBeCloseTo((1 / Math.sqrt(0.01)) * (Math.sqrt(0.2) / 0.5), 4);
  });

  it("the picture is clipped before it is enlarged and encoded", async () => {
    const { encoded } = await run(cascade);
    for (const picture of encoded) expect(new Set(picture.data)).toEqual(new Set([1]));
  });

  it("the new latent is the scaled posterior sample, noised at the new stage's first timestep", async () => {
    const { calls, records } = await run(cascade);
    const clean = (mean + deviation * 2) * scalingFactor;
    const noised = Math.sqrt(0.36) * clean + Math.sqrt(1 - 0.36) * 3;
    expect(calls[2]?.latent.data[0]).toBeCloseTo(noised, 5);
    expect(records[1]?.latent).toEqual(calls[2]?.latent);
  });

  it("the last stage ends with its last step's latent", async () => {
    const { decoded, records } = await run(cascade);
    expect(decoded[2]).toEqual(records[4]?.latent);
  });
});

describe("maps", () => {
  it("are not used in the first stage, and in every call of the later ones with their weight", async () => {
    const { calls } = await run(cascade);
    expect(calls.map(({ reuse }) => reuse?.weight)).toEqual([undefined, undefined, 0.6, 0.6, 0.4]);
  });

  it("have each level's size in the stage that uses them", async () => {
    const { calls } = await run(cascade);
    expect(calls.map(({ reuse }) => reuse?.maps.map(show))).toEqual([
      undefined,
      undefined,
      ["4×96×3", "4×6×3"],
      ["4×96×3", "4×6×3"],
      ["4×165×3", "4×12×3"],
    ]);
  });

  it("come from the stage before, also while the next ones are collected", async () => {
    const { calls } = await run(cascade);
    const values = calls.map(({ reuse }) => reuse?.maps.map(({ data }) => new Set(data)));
    const [one, two] = [new Set([1]), new Set([2])];
    expect(values).toEqual([undefined, undefined, [one, one], [one, one], [two, two]]);
  });

  it("are told at the step that collects them, merged at the largest level's size", async () => {
    const { records } = await run(cascade);
    expect(records.map(({ maps }) => maps?.map.shape)).toEqual([
      undefined,
      [4, 24, 3],
      undefined,
      [4, 96, 3],
      undefined,
    ]);
  });

  it("are dropped where the next stage reuses none", async () => {
    const [first, second] = cascade as [PlannedStage, PlannedStage];
    const next = { ...second, attentionReuse: null, collectsMaps: false };
    const { calls, records } = await run([first, next]);
    expect(calls.map(({ reuse }) => reuse)).toEqual([null, null, null, null]);
    expect(records.map(({ maps }) => maps)).toEqual([null, null, null, null]);
  });
});

describe("a cascade that begins with a picture", () => {
  const [first, second, third] = cascade as [PlannedStage, PlannedStage, PlannedStage];
  const idle = { collectsMaps: false, attentionReuse: null, guidance: { kind: "none" } } as const;
  /** As plans say it: nothing in the first stage, one call for maps in the second, and the third paints. */
  const stages = [
    { ...first, ...idle, steps: [] },
    { ...second, ...idle, steps: second.steps.slice(-1), collectsMaps: true },
    third,
  ];
  const given = { picture: filled([1, 3, 64, 96], 0.5), stage: 2 };

  it("encodes it for its maps, calls once, and changes stage as ever", async () => {
    const { words } = await run(stages, given);
    expect(words).toEqual([
      "encode 1 1×3×64×96",
      "draw 2×4×8×12",
      "draw like 2×4×8×12",
      "denoise 1 at 300 collecting",
      "encode 2 1×3×88×120",
      "draw 2×4×11×15",
      "draw like 2×4×11×15",
      "step 1.0",
      "denoise 2 at 200",
      "step 2.0",
      "decode 2 2×4×11×15",
      "picture 2×3×88×120",
    ]);
  });

  it("collects its maps at the noise of the stage's last step, and reuses them", async () => {
    const { calls, records } = await run(stages, given);
    const clean = (mean + deviation * 1) * scalingFactor;
    const noised = Math.sqrt(0.64) * clean + Math.sqrt(1 - 0.64) * 2;
    expect(calls[0]?.latent.shape).toEqual([2, 4, 8, 12]);
    expect(calls[0]?.latent.data[0]).toBeCloseTo(noised, 5);
    expect(calls.map(({ reuse }) => reuse?.weight)).toEqual([undefined, 0.4]);
    expect(calls[1]?.reuse?.maps.map(show)).toEqual(["4×165×3", "4×12×3"]);
    expect(records.map(({ maps }) => maps?.map.shape)).toEqual([[4, 96, 3], undefined]);
  });

  it("without reuse calls nothing before the stage that enlarges it", async () => {
    const silent = stages.map((each) => ({ ...each, attentionReuse: null, collectsMaps: false }));
    const [before, between, last] = silent as [PlannedStage, PlannedStage, PlannedStage];
    const { words } = await run([before, { ...between, steps: [] }, last], given);
    expect(words.slice(0, 4)).toEqual([
      "encode 2 1×3×88×120",
      "draw 2×4×11×15",
      "draw like 2×4×11×15",
      "denoise 2 at 200",
    ]);
  });

  it("enlarges it without clipping or changing it, one picture for all images", async () => {
    const { encoded, calls } = await run(stages, given);
    for (const picture of encoded) expect(new Set(picture.data)).toEqual(new Set([0.5]));
    expect(calls.map(({ latent }) => latent.shape[0])).toEqual([2, 2]);
  });
});
