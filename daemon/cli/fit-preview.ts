// `frecas fit-preview MODEL`: finds the linear map that shows a model's latents as colours, by painting small pictures
// with it. Runs do the same by themselves at their first stage's end; this is for who wants it before.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCancelled } from "../base/failure.ts";
import { type LatentMap, readLatentMaps } from "../base/latent-maps-file.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { planText } from "../planner/plan-text.ts";
import { startEngine, throwUnlessDone } from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";
import { planningFor } from "./painter.ts";

interface FitOptions extends OutputOptions {
  /** Where the map goes instead of the usual place. */
  readonly output?: string;
}

/** Rejects with the first Failure, `runCancelled` after Ctrl-C. */
export async function fitPreview(
  model: string,
  { json, output }: FitOptions,
  context: CliContext,
): Promise<number> {
  // From now on Ctrl-C ends no process that has a folder to take away.
  const interrupt = new AbortController();
  const release = context.onInterrupt(() => interrupt.abort(runCancelled("there is no map yet")));
  const folder = mkdtempSync(join(tmpdir(), "frecas-fit-"));
  try {
    const fitted = await fitMap(model, folder, { context, interrupted: interrupt.signal });
    const file = output === undefined ? context.latentMaps : resolve(context.cwd, output);
    const isFitted = Object.keys(fitted).length > 0;
    interrupt.signal.throwIfAborted();
    if (isFitted) {
      const maps = { ...readLatentMaps(file), ...fitted };
      await writeFileSafely(file, `${JSON.stringify(maps)}\n`);
    }
    const words = isFitted ? `the map is in ${file}` : "a map for it comes with the program";
    context.terminal.out(json ? JSON.stringify({ fitted: isFitted, file }) : words);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    release();
  }
}

/** The fitted map by its latent space, or none where the engine knew one. */
async function fitMap(
  model: string,
  folder: string,
  { context, interrupted }: { readonly context: CliContext; readonly interrupted: AbortSignal },
): Promise<Readonly<Record<string, LatentMap>>> {
  const prompt = "a garden with flowers of all colours under a blue sky";
  const recipe = {
    text: `model: ${JSON.stringify(model)}\nprompt: ${prompt}\nimages: 2\n`,
    file: join(context.cwd, "fit.frecas"),
    name: null,
    changes: { output: join(folder, "{image}.png") },
  };
  interrupted.throwIfAborted();
  const { plans } = await Promise.race([
    untilAborted(interrupted),
    planText(recipe, planningFor(context, { daemon: false })),
  ]);
  const latentMaps = join(folder, "maps.json");
  const engine = startEngine(context.engine, { latentMaps });
  // Nothing is lost: there is no map before the end.
  interrupted.addEventListener("abort", engine.kill);
  try {
    for (const plan of plans)
      throwUnlessDone((await engine.run(plan, () => {}, { onPreview: () => {} })).outcome);
  } catch (error) {
    interrupted.throwIfAborted();
    throw error;
  } finally {
    engine.kill();
  }
  return readLatentMaps(latentMaps);
}

/** Rejects with the reason, unless the signal was aborted before. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
