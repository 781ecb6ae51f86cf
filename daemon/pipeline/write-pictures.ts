// Decoded pictures → PNG files with the recipe and the settings inside.
import { basename } from "node:path";
import type { Tensor } from "../base/tensor.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { type Parameters, parameters } from "../image/parameters.ts";
import { encodePng } from "../image/write-png.ts";
import type { Plan, PlannedInit, PlannedPrompt } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import { toPicture } from "./to-picture.ts";

/** Writes each image of `decoded` [images, 3, h, w], about −1..1, where the plan says. */
export async function writePictures(
  plan: Plan,
  prompt: PlannedPrompt,
  decoded: Tensor,
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  for (const [image, path] of prompt.outputs.entries()) {
    const picture = toPicture(decoded, image);
    const texts =
      plan.recipe === null
        ? {}
        : { frecas: plan.recipe, parameters: parameters(settings(plan, prompt, image)) };
    await writeFileSafely(path, await encodePng(picture, texts));
    onEvent({ kind: "picture", prompt: prompt.index, image, path, again: false });
  }
}

function settings(plan: Plan, prompt: PlannedPrompt, image: number): Parameters {
  const stages = plan.stages.slice(plan.init?.stage ?? 0);
  const last = stages[stages.length - 1] as Plan["stages"][number];
  return {
    prompt: prompt.text,
    negative: plan.negative ?? "",
    steps: stages.reduce((sum, stage) => sum + stage.steps.length, 0),
    sampler: "alphaBar" in (last.steps[0] ?? {}) ? "DDIM" : "Euler",
    cfgScale: plan.guidance,
    seed: prompt.seed,
    size: last.size,
    model: plan.model.name,
    extras: {
      "FreCaS picture": `prompt ${prompt.index + 1} of ${plan.prompts.length}, image ${image + 1} of ${plan.images}`,
      FreCaS: plan.method === "frecas" ? plan.variant : plan.method,
      "FreCaS stages": stages
        .map((stage) => `${stage.size.width}x${stage.size.height}/${stage.steps.length}`)
        .join(" "),
      ...(plan.init === null ? {} : { "FreCaS init": showInit(plan.init) }),
      ...(plan.loras.length === 0 ? {} : { "FreCaS LoRA": plan.loras.map(showLora).join(", ") }),
    },
  };
}

/** Which picture it was, without naming the folders of whoever has it. */
function showInit({ image, size, sha256 }: PlannedInit): string {
  return `${basename(image)} ${size.width}x${size.height} ${sha256.slice(0, 16)}`;
}

/** The file's name only: its folder is the painter's own business. */
function showLora({ file, weight }: Plan["loras"][number]): string {
  return `${basename(file)} ${weight}`;
}
