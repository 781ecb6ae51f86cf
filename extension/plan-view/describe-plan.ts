// A plan → what the preview shows of it: numbers to draw, words to read. Pure.
import { showMemory } from "../../daemon/base/show-memory.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import {
  costTable,
  duration,
  memoryMeasures,
  showMethod,
  stageTable,
  summaryRows,
} from "../../daemon/plan/show-plan.ts";
import type { PlannedRecipe } from "../plan-request/plan-request.ts";
import { describeNoise } from "./describe-noise.ts";
import type { Fact, MemoryFigure, PlanFigure, StageFigure, WorkFigure } from "./plan-messages.ts";

type Planned = Extract<PlannedRecipe, { kind: "planned" }>;

export function describePlan({ plan, seconds, availableBytes, warnings }: Planned): PlanFigure {
  return {
    name: plan.name,
    subtitle: showMethod(plan),
    keys: keyFigures(plan, seconds),
    warnings,
    stages: plan.stages.map((_, index) => describeStage(plan, index)),
    stageTable: withLatents(plan),
    noise: describeNoise(plan),
    work: describeWork(plan),
    memory: describeMemory(plan, availableBytes),
    facts: describeFacts(plan),
  };
}

function keyFigures(
  { cost, prompts, images, memory }: Plan,
  seconds: number | null,
): readonly Fact[] {
  const pictures = prompts.length * images;
  return [
    { label: "Time", value: seconds === null ? "not measured yet" : `~ ${duration(seconds)}` },
    { label: pictures === 1 ? "Picture" : "Pictures", value: String(pictures) },
    { label: "Network calls", value: String(cost.networkCalls * prompts.length) },
    { label: "Work", value: showFlops(cost.total * prompts.length) },
    { label: "Memory", value: showBytes(memory.peak) },
  ];
}

function describeStage({ stages, init, tilePx }: Plan, index: number): StageFigure {
  const { size, latent, steps, tiledDecode } = stages[index] as Plan["stages"][number];
  const isGiven = init !== null && index < init.stage;
  return { size, latent, steps: steps.length, tilePx: tiledDecode ? tilePx : null, isGiven };
}

/** The table that `frecas plan` prints, with the latents' sizes. */
function withLatents(plan: Plan): PlanFigure["stageTable"] {
  const { header, rows } = stageTable(plan);
  const place = header.indexOf("size") + 1;
  return {
    header: header.toSpliced(place, 0, "latent"),
    rows: rows.map((row, index) => {
      const { width, height } = plan.stages[index]?.latent ?? { width: 0, height: 0 };
      return row.toSpliced(place, 0, `${width}×${height}`);
    }),
  };
}

function describeWork(plan: Plan): WorkFigure {
  const { total, text, denoiserByStage, vaeByStage } = plan.cost;
  const table = costTable(plan);
  const label = (row: number): string => table.rows[row]?.[0] ?? "";
  const vae = vaeByStage.reduce((sum, flops) => sum + flops, 0);
  const parts = [
    { label: label(0), kind: "text" as const, stage: null, share: text / total },
    ...denoiserByStage.map((flops, stage) => ({
      label: label(stage + 1),
      kind: "denoiser" as const,
      stage,
      share: flops / total,
    })),
    { label: label(plan.stages.length + 1), kind: "vae" as const, stage: null, share: vae / total },
  ];
  return { table, parts: parts.filter(({ share }) => share > 0) };
}

/** What is neither weights nor working memory of the networks is the process itself and pictures on their way. */
function describeMemory(plan: Plan, available: number): MemoryFigure {
  const { weights, activations, peak, advice } = plan.memory;
  const part = (label: string, bytes: number) => ({ label, bytes, text: showBytes(bytes) });
  const network = Math.min(weights, peak);
  const working = Math.min(activations, peak - network);
  const fits = peak <= available;
  return {
    parts: [
      part("weights", network),
      part("working memory", working),
      part("the process, pictures", peak - network - working),
    ],
    peak,
    available,
    summary: `${showBytes(peak)} at most, of ${showBytes(available)} that ${fits ? "are free" : "are free now: it does not fit"}.`,
    advice: advice === null ? null : `${capitalised(advice)}.`,
    measures: memoryMeasures(plan),
  };
}

/** The rest of the summary; memory has a figure of its own. */
function describeFacts(plan: Plan): readonly Fact[] {
  return summaryRows(plan)
    .filter(([label]) => label !== "memory")
    .map(([label = "", value = ""]) => ({ label: capitalised(label), value }));
}

const capitalised = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** "0.717 TFLOP"; 10^12 operations. */
const showFlops = (flops: number): string => `${Number((flops / 1e12).toPrecision(3))} TFLOP`;

const showBytes = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : showMemory(bytes);
