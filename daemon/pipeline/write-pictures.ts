// Decoded pictures → PNG files with the recipe and the settings inside.
import { basename } from "node:path";
import { brokenPicture } from "../base/failure.ts";
import type { Tensor } from "../base/tensor.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { type Parameters, parameters } from "../image/parameters.ts";
import type { Picture } from "../image/picture.ts";
import { encodePng } from "../image/write-png.ts";
import type { Plan, PlannedInit, PlannedPrompt } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";

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
    onEvent({ kind: "picture", prompt: prompt.index, image, path });
  }
}

/** (x/2 + 0.5) clipped to 0..1, times 255, rounded (method §4). Throws on NaN and on one flat colour. */
function toPicture(decoded: Tensor, image: number): Picture {
  const [, , height = 0, width = 0] = decoded.shape;
  const plane = height * width;
  const values = decoded.data.subarray(image * 3 * plane, (image + 1) * 3 * plane);
  if (!values.every(Number.isFinite)) throw brokenPicture("after decoding", "NaN or infinity");
  const rgb = new Uint8Array(plane * 3);
  for (let channel = 0; channel < 3; channel += 1)
    for (let pixel = 0; pixel < plane; pixel += 1) {
      const value = (values[channel * plane + pixel] as number) / 2 + 0.5;
      rgb[pixel * 3 + channel] = roundHalfEven(Math.min(1, Math.max(0, value)) * 255);
    }
  if (rgb.every((value, index) => value === rgb[index % 3]))
    throw brokenPicture("after decoding", "one flat colour");
  return { width, height, rgb };
}

/** As numpy rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function settings(plan: Plan, prompt: PlannedPrompt, image: number): Parameters {
  const stages = plan.stages.slice(plan.init?.stage ?? 0);
  const last = stages[stages.length - 1] as Plan["stages"][number];
  return {
    prompt: prompt.text,
    negative: plan.negative,
    steps: stages.reduce((sum, stage) => sum + stage.steps.length, 0),
    sampler: last.steps[0]?.kind === "flow" ? "Euler" : "DDIM",
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
