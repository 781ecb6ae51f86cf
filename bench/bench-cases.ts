// What the bench runs: the built-in model with and without the method, and models of random weights as large as those
// that people have.
import { join } from "node:path";
import type { ConfigFiles } from "./make-model.ts";
import { stableDiffusion3, stableDiffusion21, stableDiffusionXL } from "./model-configs.ts";

/** A model of random weights in files of `dtype`. */
export interface RandomModel {
  readonly folder: string;
  readonly files: ConfigFiles;
  readonly dtype: "F16" | "F32";
}

export interface BenchCase {
  readonly name: string;
  readonly recipe: string;
  readonly random?: RandomModel;
  /** `once` has no run that is not counted: a large model takes minutes. */
  readonly runs: "repeated" | "once";
  /** What the plan may count on; absent: what there is. */
  readonly memoryBytes?: number;
  /** `twice` also measures how long opening takes with and without the cache of prepared networks. */
  readonly opens?: "twice";
}

/** Models go below `folder`. */
export function benchCases(folder: string): readonly BenchCase[] {
  const prompt = "prompt: snowy mountains behind a calm lake at dawn, a pink sky";
  const builtIn = (name: string, settings: string): BenchCase => ({
    name,
    recipe: `${prompt}\n${settings}`,
    runs: "repeated",
  });
  const model = (name: string, files: ConfigFiles, dtype: "F16" | "F32"): RandomModel => ({
    folder: join(folder, name),
    files,
    dtype,
  });
  const large = (name: string, random: RandomModel, stages: string): BenchCase => ({
    name,
    recipe: `${prompt}\nmodel: ${random.folder}\nstages: [${stages}]`,
    random,
    runs: "once",
  });
  const exact = model("sd21-f32", stableDiffusion21, "F32");
  const sd21 = model("sd21-f16", stableDiffusion21, "F16");
  const sdxl = model("sdxl-f16", stableDiffusionXL, "F16");
  return [
    builtIn("frecas", "size: 512"),
    builtIn("direct", "size: 512\nmethod: direct"),
    builtIn("frecas-1024", "size: 1024"),
    { ...large("sd21-float32", exact, "{size: 512, steps: 3}"), opens: "twice" },
    { ...large("sd21-float16", sd21, "{size: 512, steps: 3}"), opens: "twice" },
    large("sd21-1024", sd21, "{size: 768, steps: 1, until: 200}, {size: 1024, steps: 1}"),
    {
      ...large("sd21-768-closed", sd21, "{size: 256, steps: 1, until: 200}, {size: 768, steps: 1}"),
      memoryBytes: 5.8 * 2 ** 30,
    },
    large("sd3-1024", model("sd3-f16", stableDiffusion3, "F16"), "{size: 1024, steps: 1}"),
    large("sdxl-1024", sdxl, "{size: 1024, steps: 1}"),
    { ...large("sdxl-1024-closed", sdxl, "{size: 1024, steps: 1}"), memoryBytes: 12 * 2 ** 30 },
  ];
}
