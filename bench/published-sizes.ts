// What every method costs at the sizes that are published for it: plans of models of which there are the config files
// alone. Operations, not seconds.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plan } from "../daemon/plan/plan.ts";
import type { ConfigFiles } from "./make-model.ts";
import { type Method, type PlanRecipe, tableOf } from "./method-table.ts";
import { stableDiffusion3, stableDiffusion21, stableDiffusionXL } from "./model-configs.ts";

interface PublishedSize {
  readonly model: string;
  readonly files: ConfigFiles;
  readonly sidePx: number;
  readonly methods: readonly Method[];
}

const all: readonly Method[] = ["frecas", "direct", "scalecrafter", "demofusion"];
const withoutWindows: readonly Method[] = ["frecas", "direct", "scalecrafter"];
const withoutConvolutions: readonly Method[] = ["frecas", "direct"];

const sizes: readonly PublishedSize[] = [
  { model: "SD 2.1", files: stableDiffusion21, sidePx: 1024, methods: withoutWindows },
  { model: "SD 2.1", files: stableDiffusion21, sidePx: 2048, methods: withoutWindows },
  { model: "SDXL", files: stableDiffusionXL, sidePx: 2048, methods: all },
  { model: "SDXL", files: stableDiffusionXL, sidePx: 4096, methods: all },
  { model: "SD 3", files: stableDiffusion3, sidePx: 2048, methods: withoutConvolutions },
];

/** Seconds of other methods over those of FreCaS at 2048² with SDXL, as the paper of FreCaS says them in its abstract. */
const publishedRatios: Partial<Readonly<Record<Method, number>>> = {
  demofusion: 6.07,
  scalecrafter: 2.86,
};

/** A table in Markdown. `folder` is for the config files. */
export async function publishedSizes(folder: string, planRecipe: PlanRecipe): Promise<string> {
  const rows: string[][] = [];
  for (const { model, files, sidePx, methods } of sizes) {
    const place = writeConfigs(join(folder, model.replaceAll(" ", "-")), files);
    const plans = new Map<Method, Plan>();
    for (const method of methods)
      plans.set(method, await planRecipe(recipeOf(place, sidePx, method), place));
    const base = plans.get("frecas") as Plan;
    for (const [method, plan] of plans) {
      const published = model === "SDXL" && sidePx === 2048 ? publishedRatios[method] : undefined;
      rows.push([
        `${model}, ${sidePx}²`,
        method,
        String(plan.cost.networkCalls),
        teraflop(denoiserOf(plan)),
        ratio(denoiserOf(plan), denoiserOf(base)),
        teraflop(plan.cost.total),
        ratio(plan.cost.total, base.cost.total),
        published === undefined ? "" : published.toFixed(2),
      ]);
    }
  }
  return tableOf(
    [
      "picture",
      "method",
      "network calls",
      "denoiser, TFLOP",
      "to FreCaS",
      "with VAE and texts, TFLOP",
      "to FreCaS",
      "published, in seconds",
    ],
    rows,
  );
}

const recipeOf = (model: string, sidePx: number, method: Method): string =>
  `prompt: a calm lake at dawn\nmodel: ${model}\nsize: ${sidePx}\nmethod: ${method}\nvariant: published\n`;

const denoiserOf = ({ cost }: Plan): number =>
  cost.denoiserByStage.reduce((sum, each) => sum + each, 0);

const teraflop = (flops: number): string => (flops / 1e12).toFixed(0);

const ratio = (flops: number, base: number): string => (flops / base).toFixed(2);

function writeConfigs(folder: string, files: ConfigFiles): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}
