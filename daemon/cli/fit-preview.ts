// `frecas fit-preview MODEL`: finds the linear map that shows a model's latents as colours, by painting small pictures
// with it. Runs do the same by themselves at their first stage's end; this is for who wants it before.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readText } from "../base/read-text.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { planText } from "../planner/plan-text.ts";
import { startEngine, throwUnlessDone } from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";

interface FitOptions extends OutputOptions {
  /** Where the map goes instead of the usual place. */
  readonly output?: string;
}

/** Rejects with the first Failure. */
export async function fitPreview(
  model: string,
  { json, output }: FitOptions,
  context: CliContext,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "frecas-fit-"));
  try {
    const fitted = await fitMap(model, folder, context);
    const file = output === undefined ? context.latentMaps : resolve(context.cwd, output);
    if (fitted !== undefined) {
      const maps = { ...JSON.parse(readText(file) ?? "{}"), ...JSON.parse(fitted) };
      await writeFileSafely(file, `${JSON.stringify(maps)}\n`);
    }
    const words =
      fitted === undefined ? "a map for it comes with the program" : `the map is in ${file}`;
    context.terminal.out(json ? JSON.stringify({ fitted: fitted !== undefined, file }) : words);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The fitted map as text, or undefined where the engine knew one. */
async function fitMap(
  model: string,
  folder: string,
  context: CliContext,
): Promise<string | undefined> {
  const prompt = "a garden with flowers of all colours under a blue sky";
  const { plans } = await planText(
    {
      text: `model: ${JSON.stringify(model)}\nprompt: ${prompt}\nimages: 2\n`,
      file: join(context.cwd, "fit.frecas"),
      name: null,
      changes: { output: join(folder, "{image}.png") },
    },
    context,
  );
  const latentMaps = join(folder, "maps.json");
  const engine = startEngine(context.engine, { latentMaps });
  try {
    for (const plan of plans)
      throwUnlessDone((await engine.run(plan, () => {}, { onPreview: () => {} })).outcome);
  } finally {
    engine.kill();
  }
  return readText(latentMaps);
}
