// A golden run of the published code as a recipe, and its plan on this machine.
import { readFileSync } from "node:fs";
import { type ModelConfig, readModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { golden, readGoldenJson } from "./read-golden.ts";

/** The settings that the reference ran with. Sizes are [height, width]. */
interface PublishedRun {
  readonly model: string;
  readonly prompt: string;
  readonly negative: string;
  readonly seed: number;
  readonly images: number;
  readonly guidance: number;
  readonly tsize: readonly (readonly [number, number])[];
  readonly variant: "published" | "corrected";
  readonly msp_endtimes: readonly number[];
  readonly msp_steps: readonly number[];
  readonly msp_gamma: number;
  readonly facfg_weight: readonly [number, number];
  readonly camap_weight: number;
  readonly vae_tiling: boolean;
}

/** The folder of a model by the goldens' name for it. */
const modelFolder = (model: string): string =>
  model === "vista" ? golden("../../media/models/vista") : golden(`models/${model}`);

/** Text of a file, or undefined where there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The plan of `run-{name}.json`, its pictures going to `folder`; `model` is the run's own where it is absent. */
export function planOfGolden(name: string, folder: string, model?: ModelConfig): Plan {
  const run = readGoldenJson<PublishedRun>(`run-${name}.json`);
  const { plan } = makePlan(
    toRecipe(run, folder),
    model ?? readModelConfig(modelFolder(run.model), readText),
    {
      modelName: run.model,
      seedForRandom: 0,
      provider: "cpu",
      loras: [],
      memoryBytes: 2 ** 34,
      outputFolder: folder,
      examinePicture: () => {
        throw new Error("a golden run begins with noise");
      },
    },
  );
  return plan;
}

function toRecipe(run: PublishedRun, folder: string): Recipe {
  const start = { line: 0, column: 0, offset: 0 };
  const [high, low] = run.facfg_weight;
  return {
    name: "golden",
    model: run.model,
    prompts: [run.prompt],
    negative: run.negative,
    seed: run.seed,
    images: run.images,
    guidance: run.guidance,
    size: undefined,
    stages: run.tsize.map(([height, width], index) => ({
      size: { width, height },
      steps: run.msp_steps[index] ?? 0,
      until: run.msp_endtimes[index] ?? 0,
    })),
    gamma: run.msp_gamma,
    frequencyGuidance: { high, low, single: false },
    attentionReuse: run.camap_weight,
    lora: undefined,
    tiling: run.vae_tiling ? "on" : "off",
    precision: "fp32",
    t5: undefined,
    variant: run.variant,
    method: "frecas",
    demofusion: undefined,
    scalecrafter: undefined,
    init: undefined,
    compare: [],
    output: `${folder}/{prompt}.{image}.png`,
    metadata: "on",
    range: { start, end: start },
    source: "prompt: golden\n",
  };
}
