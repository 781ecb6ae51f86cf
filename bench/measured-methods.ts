// Seconds of every method at 4 and 16 times the pixels that a model was trained at: of the built-in model, and of a
// small one with the architecture of Stable Diffusion XL, which DemoFusion needs. Methods take turns, so that what
// else the machine does meets all of them; ratios are of the same turn.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../daemon/plan/plan.ts";
import { makeModel } from "./make-model.ts";
import { measureRun } from "./measure-run.ts";
import { type Method, type PlanRecipe, tableOf } from "./method-table.ts";
import { smallXL } from "./model-configs.ts";
import { spread } from "./spread.ts";

interface MeasuredModel {
  readonly title: string;
  /** As a recipe names it. */
  readonly model: string;
  readonly methods: readonly Method[];
}

interface MeasureOptions {
  /** For the model of random weights. */
  readonly folder: string;
  readonly repeats: number;
  readonly planRecipe: PlanRecipe;
  /** Path of the engine's bundle. */
  readonly engine: string;
  say(words: string): void;
}

/** Sides of 128 px times 2 and 4. */
const sidesPx: readonly number[] = [256, 512];

/** A table in Markdown: medians with the least and the most. */
export async function measuredMethods(options: MeasureOptions): Promise<string> {
  const small = join(options.folder, "small-xl");
  if (!existsSync(join(small, "vae/diffusion_pytorch_model.safetensors")))
    makeModel(small, smallXL, "F32");
  const models: readonly MeasuredModel[] = [
    { title: "built-in", model: "vista", methods: ["frecas", "direct", "scalecrafter"] },
    {
      title: "small XL",
      model: small,
      methods: ["frecas", "direct", "scalecrafter", "demofusion"],
    },
  ];
  const rows: string[][] = [];
  for (const model of models)
    for (const sidePx of sidesPx) rows.push(...(await measureSize(model, sidePx, options)));
  return tableOf(
    [
      "model, picture",
      "method",
      "denoiser, TFLOP",
      "to FreCaS",
      "seconds",
      "to FreCaS, in seconds",
      "peak memory, MB",
    ],
    rows,
  );
}

async function measureSize(
  { title, model, methods }: MeasuredModel,
  sidePx: number,
  { folder, repeats, planRecipe, engine, say }: MeasureOptions,
): Promise<readonly string[][]> {
  const plans = new Map<Method, Plan>();
  for (const method of methods) {
    const recipe = `prompt: snowy mountains behind a calm lake at dawn\nmodel: ${model}\nsize: ${sidePx}\nmethod: ${method}\noutput: ${method}.png\n`;
    plans.set(method, await planRecipe(recipe, folder));
  }
  const turns: ReadonlyMap<Method, { readonly seconds: number; readonly peakBytes: number }>[] = [];
  // The first turn warms the machine up and is not counted.
  for (let turn = 0; turn <= repeats; turn += 1) {
    const figures = new Map<Method, { readonly seconds: number; readonly peakBytes: number }>();
    for (const [method, plan] of plans) {
      const { total, peakBytes } = await measureRun(plan, engine);
      figures.set(method, { seconds: total, peakBytes });
    }
    if (turn > 0) turns.push(figures);
    say(`${title}, ${sidePx}²: turn ${turn} of ${repeats}`);
  }
  const secondsOf = (turn: (typeof turns)[number], method: Method): number =>
    turn.get(method)?.seconds ?? Number.NaN;
  const base = denoiserOf(plans.get("frecas") as Plan);
  return [...plans].map(([method, plan]) => [
    `${title}, ${sidePx}²`,
    method,
    (denoiserOf(plan) / 1e12).toFixed(2),
    (denoiserOf(plan) / base).toFixed(2),
    spread(
      turns.map((turn) => secondsOf(turn, method)),
      2,
    ),
    spread(
      turns.map((turn) => secondsOf(turn, method) / secondsOf(turn, "frecas")),
      2,
    ),
    String(Math.round(Math.max(...turns.map((turn) => turn.get(method)?.peakBytes ?? 0)) / 1e6)),
  ]);
}

const denoiserOf = ({ cost }: Plan): number =>
  cost.denoiserByStage.reduce((sum, each) => sum + each, 0);
