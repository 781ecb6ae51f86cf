// What is kept of a run's stages: their pictures and attention maps, in a folder of the run's own.
// It can be lost or refuse to be written at any time; then less is seen, and nothing else changes. Maps hold the prompt, so
// only this user may read the files.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../base/failure.ts";
import { writeFileSafely } from "../base/write-file.ts";
import type { Checkpoint } from "../pipeline/checkpoint.ts";
import { type EndedStage, encodeStage } from "../pipeline/encode-stage.ts";
import type { RunContext } from "../pipeline/run-plan.ts";
import type { KeptStage } from "../protocol/kept-stage.ts";

/** Of one attempt at a run; what would come after it is not kept. */
const mostBytes = 256 * 2 ** 20;

/**
 * What the run needs of its folder; null: nothing is kept. What an earlier process has kept of the stages before `from` is
 * told again.
 */
export async function openTraceFolder(
  folder: string | null,
  from: Checkpoint | undefined,
  onEvent: RunContext["onEvent"],
): Promise<Pick<RunContext, "onStage">> {
  if (folder === null) return {};
  if (from !== undefined)
    for (const kept of await readKept(folder))
      if (isBefore(kept, from)) onEvent({ kind: "stage-kept", ...kept });
  let bytesLeft = mostBytes;
  return {
    onStage: async (ended) => {
      try {
        const files = await encodeStage(ended);
        const all = [...files.pictures, ...(files.maps === null ? [] : [files.maps])];
        bytesLeft -= all.reduce((sum, bytes) => sum + bytes.length, 0);
        if (bytesLeft < 0) return;
        onEvent({ kind: "stage-kept", ...(await write(folder, ended, files)) });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        console.error(`engine: keeps nothing of a stage, ${error.message}`);
      }
    },
  };
}

const ownerOnly = 0o600;

async function write(
  folder: string,
  { prompt, record: { stage } }: EndedStage,
  { pictures, maps }: Awaited<ReturnType<typeof encodeStage>>,
): Promise<KeptStage> {
  const name = join(folder, `${prompt}-${stage}`);
  const paths = pictures.map((_, image) => `${name}-${image}.png`);
  for (const [image, bytes] of pictures.entries())
    await writeFileSafely(paths[image] as string, bytes, ownerOnly);
  const mapsPath = maps === null ? null : `${name}.safetensors`;
  if (maps !== null && mapsPath !== null) await writeFileSafely(mapsPath, maps, ownerOnly);
  return { prompt, stage, pictures: paths, maps: mapsPath };
}

/** As the names of the files say, in the order of the run. */
async function readKept(folder: string): Promise<readonly KeptStage[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.flatMap((name) => {
    const found = /^(\d+)-(\d+)(?:-(\d+)\.png|\.safetensors)$/.exec(name);
    if (found === null) return [];
    const parts = found.slice(1).filter((part) => part !== undefined);
    const [prompt = 0, stage = 0, image = -1] = parts.map(Number);
    return [{ path: join(folder, name), prompt, stage, image } as const];
  });
  files.sort((a, b) => a.prompt - b.prompt || a.stage - b.stage || a.image - b.image);
  const stages = new Map<string, KeptStage>();
  for (const { path, prompt, stage, image } of files) {
    const key = `${prompt}-${stage}`;
    const kept = stages.get(key) ?? { prompt, stage, pictures: [], maps: null };
    // The maps come first, having no image.
    if (image < 0) stages.set(key, { ...kept, maps: path });
    else stages.set(key, { ...kept, pictures: [...kept.pictures, path] });
  }
  return [...stages.values()];
}

function isBefore({ prompt, stage }: KeptStage, from: Checkpoint): boolean {
  if (prompt !== from.prompt) return prompt < from.prompt;
  return from.inside !== null && stage < from.inside.position.stage;
}
