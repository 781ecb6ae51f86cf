// A plan as text for people: what happens, what it costs, where the pictures go. No colours, no decisions.
import { basename } from "node:path";
import { showMemory } from "../base/show-memory.ts";
import { showSize } from "../base/size.ts";
import { callsOf } from "./cost/plan-cost.ts";
import { countWindows, stepCalls } from "./cost/step-calls.ts";
import { vaePictures } from "./cost/vae-pictures.ts";
import { type EstimatedTime, estimateTime, type MachineRate } from "./estimate.ts";
import type { Plan, PlannedInit, PlannedStage, PlannedStep } from "./plan.ts";
import type { PlannedDemofusion } from "./planned-method.ts";
import { networkRows } from "./show-networks.ts";

/** Lines joined by "\n", none at the end. With a rate, the time it takes. */
export function showPlan(plan: Plan, rate?: MachineRate): string {
  const time = rate === undefined ? undefined : estimateTime(plan, rate);
  const sections = [
    [[plan.name, showMethod(plan)].join(" · ")],
    table(stageTable(plan)),
    table(costTable(plan)),
    labelled(summaryRows(plan, time)),
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

/** Model, method, precision and provider. */
export function showMethod(plan: Plan): string {
  const method = plan.method === "direct" ? "direct" : `${plan.method}, ${plan.variant}`;
  return [plan.model.name, method, `${plan.precision} on ${plan.provider}`].join(" · ");
}

type Row = readonly string[];

/** Cells of text; each row as long as the header. */
export interface Table {
  readonly header: Row;
  readonly rows: readonly Row[];
}

/** What happens, stage by stage. */
export function stageTable(plan: Plan): Table {
  const header = [
    "stage",
    "size",
    "steps",
    "timesteps",
    noiseName(plan),
    "guidance",
    ownColumn(plan),
  ];
  const rows = plan.stages.map((stage, index) => [
    String(index + 1),
    showSize(stage.size),
    String(stage.steps.length),
    span(stage),
    noiseSpan(stage),
    showGuidance(stage),
    showOwn(plan, stage, index),
  ]);
  return { header, rows };
}

const ownColumn = ({ method }: Plan): string =>
  method === "demofusion" ? "windows + samples" : "maps";

/** What the method does in a stage beside guidance. */
function showOwn(plan: Plan, stage: PlannedStage, index: number): string {
  if (plan.method !== "demofusion") return showMaps(stage);
  return index === 0
    ? "none"
    : `${countWindows(plan.demofusion, stage.latent)} + ${(index + 1) ** 2}`;
}

function span({ steps }: PlannedStage): string {
  if (steps.length === 0) return "none";
  const first = steps[0]?.timestep;
  const last = steps.at(-1)?.timestep;
  return first === last ? String(first) : `${first} → ${last}`;
}

/** From the noise a stage starts with to that at its last call, where the next stage takes over. */
function noiseSpan({ steps }: PlannedStage): string {
  if (steps.length === 0) return "none";
  return [steps[0], steps.at(-1)].map((step) => noiseOf(step).toFixed(3)).join(" → ");
}

function noiseOf(step: PlannedStep | undefined): number {
  if (step === undefined) return 0;
  return "alphaBar" in step ? step.alphaBar : step.sigma;
}

const noiseName = ({ stages }: Plan): string =>
  "alphaBar" in (stages.at(-1)?.steps[0] ?? {}) ? "ᾱ" : "σ";

function showGuidance({ guidance }: PlannedStage): string {
  switch (guidance.kind) {
    case "none":
      return "none";
    case "cfg":
      return String(guidance.scale);
    case "damped":
      return `${guidance.scale}, noise-damped`;
    case "frequency":
      return `high ${guidance.high}, low ${guidance.low ?? "dropped"}`;
    default:
      return guidance satisfies never;
  }
}

function showMaps({ attentionReuse, collectsMaps }: PlannedStage): string {
  const reused = attentionReuse === null ? [] : [`reuse ${attentionReuse.weight}`];
  return [...reused, ...(collectsMaps ? ["collect"] : [])].join(", ") || "none";
}

/** What each part costs, the sum in the last row. */
export function costTable(plan: Plan): Table {
  const { cost, stages, images, init, guidance, prompts, model } = plan;
  const digits = Math.max(1, 2 - Math.floor(Math.log10(cost.total / 1e12)));
  const row = (part: string, calls: number, flops: number): Row => [
    part,
    String(calls),
    (flops / 1e12).toFixed(digits),
    `${Math.round((100 * flops) / cost.total)} %`,
  ];
  const vae = cost.vaeByStage.reduce((sum, flops) => sum + flops, 0);
  const pictures = images === 1 ? "a picture" : `${images} pictures`;
  const texts = guidance > 1 ? 2 : 1;
  const worked = vaePictures({ planned: plan, stages, images, init });
  const vaeCalls = worked.flatMap(({ encoded, decoded }) => [encoded, decoded]);
  const rows = [
    row("text", texts * countEncoders(model), cost.text),
    ...cost.denoiserByStage.map((flops, index) =>
      row(`${denoiserNames[model.family]}, stage ${index + 1}`, callsIn(plan, index), flops),
    ),
    row("vae", vaeCalls.filter((count) => count > 0).length, vae),
    row(prompts.length === 1 ? pictures : "each prompt", cost.networkCalls, cost.total),
  ];
  return { header: ["part", "calls", "TFLOP", "share"], rows };
}

function callsIn(plan: Plan, index: number): number {
  const stage = plan.stages[index] as PlannedStage;
  return callsOf(stage, stepCalls(plan, stage, { index, images: plan.images }));
}

type Family = Plan["model"]["family"];

function countEncoders({ family, t5 }: Plan["model"]): number {
  if (family === "sd") return 1;
  return t5 === "used" ? 3 : 2;
}

const denoiserNames: Readonly<Record<Family, string>> = { sd: "unet", sdxl: "unet", sd3: "mmdit" };

/** Labels with values: what else there is to know. */
export function summaryRows(plan: Plan, time?: EstimatedTime): readonly Row[] {
  const { memory, prompts, images } = plan;
  const parts = [
    `weights ${showMemory(memory.weights)}`,
    `working ${showMemory(memory.activations)}`,
    ...memoryMeasures(plan),
  ];
  return [
    ...(plan.method === "demofusion" ? [showDemofusion(plan.demofusion)] : []),
    ...(plan.method === "scalecrafter"
      ? networkRows(plan.scalecrafter, plan.stages[0]?.steps ?? [])
      : []),
    ...plan.loras.map(({ file, weight }): Row => ["lora", `${basename(file)} × ${weight}`]),
    ["memory", `${showMemory(memory.peak)} (${parts.join(", ")})`],
    ...(time === undefined ? [] : [["time", showTime(plan, time)]]),
    ...(plan.init === null ? [] : [["from", showInit(plan, plan.init)]]),
    ["seed", showRange(prompts.map((prompt) => String(prompt.seed)))],
    [
      prompts.length * images === 1 ? "picture" : "pictures",
      showRange(prompts.flatMap((prompt) => prompt.outputs)),
    ],
  ];
}

function showDemofusion(settings: PlannedDemofusion): Row {
  const { stride, window, cosineScales, sigma, windowsAtOnce } = settings;
  const each = `stride ${stride} of ${window} cells, ${windowsAtOnce} at once`;
  return ["windows", `${each}; cosine scales ${cosineScales.join(", ")}, sigma ${sigma}`];
}

function showInit({ stages }: Plan, { image, size, stage }: PlannedInit): string {
  const before = stages[stage - 1]?.size ?? size;
  const isSame = before.width === size.width && before.height === size.height;
  const resized = isSame ? "" : `, resized to ${showSize(before)}`;
  return `${image} (${showSize(size)}${resized}), enlarged by stage ${stage + 1}`;
}

/** What the plan does so that it needs less memory, a clause each. */
export function memoryMeasures(plan: Plan): readonly string[] {
  return [closed(plan), tiles(plan), apart(plan), slices(plan)].filter((words) => words !== "");
}

function closed({ stages, model }: Plan): string {
  const name = denoiserNames[model.family];
  return stages.some(({ encodesAlone, decodesAlone }) => encodesAlone || decodesAlone)
    ? `${name} closed while the VAE works`
    : "";
}

function tiles({ stages, tilePx }: Plan): string {
  return stages.some((stage) => stage.tiledDecode) ? `VAE in tiles of ${tilePx} px` : "";
}

function apart({ stages }: Plan): string {
  return stages.some(({ sides }) => sides === "apart")
    ? "guidance's sides one after the other"
    : "";
}

function slices({ scoresAtOnce }: Plan): string {
  return scoresAtOnce === null ? "" : `attention in slices of ${scoresAtOnce / 2 ** 20} Mi scores`;
}

function showTime(plan: Plan, time: EstimatedTime): string {
  const whole = `about ${duration(time.total)}`;
  return plan.prompts.length === 1
    ? whole
    : `${whole}, ${duration(time.perPrompt)} for each of ${plan.prompts.length} prompts`;
}

function showRange(values: readonly string[]): string {
  const [first = ""] = values;
  return values.length === 1 ? first : `${first} … ${values.at(-1)} (${values.length})`;
}

/** "9.3 s", "12 min", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Columns of numbers stand to the right, all others to the left. */
function table({ header, rows }: Table): readonly string[] {
  const numeric = header.map((_, column) =>
    rows.every((row) => /^[\d.]+( %)?$/.test(row[column] ?? "")),
  );
  return aligned([header, ...rows], numeric);
}

const labelled = (rows: readonly Row[]): readonly string[] => aligned(rows, [false, false]);

function aligned(rows: readonly Row[], right: readonly boolean[]): readonly string[] {
  const width = (column: number): number =>
    Math.max(...rows.map((row) => (row[column] ?? "").length));
  const widths = rows[0]?.map((_, column) => width(column)) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
