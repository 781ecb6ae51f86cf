// What the cache of prepared networks gives: the same plan in engines without it, while it is filled, and with it.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CachePlace } from "../daemon/cache/cache-place.ts";
import { listEntries } from "../daemon/cache/list-entries.ts";
import type { Plan } from "../daemon/plan/plan.ts";
import { startEngine } from "../daemon/supervisor/start-engine.ts";

/** A table for people. The cache is below `folder` for as long as this takes, and needs some 6 bytes a parameter. */
export async function measureOpening(
  plan: Plan,
  enginePath: string,
  folder: string,
): Promise<string> {
  const short = firstStepOf(plan);
  const cache = mkdtempSync(join(folder, "networks-"));
  const place = { folder: cache, limitBytes: Number.MAX_SAFE_INTEGER, leastWeightBytes: 1e8 };
  const rows: string[] = [];
  const add = async (name: string, where: CachePlace | null): Promise<void> => {
    const { opening, first, peakBytes } = await measure(short, enginePath, where);
    const megabytes = (peakBytes / 2 ** 20).toFixed(0);
    rows.push(`| ${name} | ${opening.toFixed(2)} | ${first.toFixed(2)} | ${megabytes} |`);
  };
  try {
    await add("without", null);
    await add("the first run", place);
    await add("the second, which keeps", place);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      await add("with", place);
      await add("without", null);
    }
    const bytes = listEntries(cache).reduce((sum, entry) => sum + entry.bytes, 0);
    const title = `The cache of prepared networks: ${(bytes / 1e9).toFixed(2)} GB on disk`;
    const head =
      "| cache | s to open the denoiser | s of its first call | peak MB |\n|---|---|---|---|";
    return ["", title, "", head, ...rows].join("\n");
  } finally {
    rmSync(cache, { recursive: true });
  }
}

function firstStepOf(plan: Plan): Plan {
  const stages = plan.stages.slice(0, 1).map((stage) => ({
    ...stage,
    steps: stage.steps.slice(0, 1),
  }));
  return { ...plan, stages };
}

/** Seconds of the denoiser, and the most bytes of a whole run. */
async function measure(plan: Plan, enginePath: string, place: CachePlace | null) {
  const engine = startEngine(enginePath, { cache: place });
  const at = new Map<string, number>();
  const { outcome, peakBytes } = await engine
    .run(plan, ({ atMs, event }) => {
      const key = "part" in event && event.part === "denoiser" ? event.kind : "";
      if (!at.has(key)) at.set(key, atMs);
    })
    .finally(() => engine.kill());
  if (outcome.kind !== "done" && !(outcome.kind === "failed" && outcome.code === "picture.broken"))
    throw new Error(JSON.stringify(outcome));
  const between = (from: string, to: string): number =>
    ((at.get(to) ?? Number.NaN) - (at.get(from) ?? Number.NaN)) / 1000;
  return { opening: between("opening", "opened"), first: between("calling", "called"), peakBytes };
}
