// What the method needs of a model beyond configs that can be read.
import { mixedModel, unsupportedModel } from "../base/failure.ts";
import { isSingleFile } from "../base/single-file.ts";
import type { ModelConfig } from "../config/model-config.ts";

/**
 * The method needs a latent of an eighth of the picture, and a network over that latent and nothing else. Throws
 * `unsupportedModel`.
 */
export function checkModel(model: ModelConfig): void {
  const { folder, vae } = model;
  if (vae.sampleSize % 32 !== 0)
    throw unsupportedModel(
      placeOf(folder, "vae/config.json"),
      `tiles of ${vae.sampleSize} px (sample_size)`,
      "one whose sample_size is a multiple of 32, so that tiles meet",
    );
  if (vae.channels.length !== 4)
    throw unsupportedModel(
      placeOf(folder, "vae/config.json"),
      `${vae.channels.length} levels in block_out_channels`,
      "a VAE of 4 levels, whose latent is an eighth of the picture",
    );
  const { file, what, inChannels, outChannels } = denoiserOf(model);
  if (inChannels === outChannels && inChannels !== vae.latentChannels)
    throw mixedModel(
      placeOf(folder, "vae/config.json"),
      `must have ${inChannels} latent channels, as the ${what} has`,
      `${vae.latentChannels}`,
    );
  if (inChannels !== vae.latentChannels || outChannels !== vae.latentChannels)
    throw unsupportedModel(
      placeOf(folder, file),
      `${inChannels} channels in and ${outChannels} out${purposes[inChannels] ?? ""}`,
      `a text-to-image ${what} over the VAE's ${vae.latentChannels} latent channels`,
    );
}

/** What UNets of other pipelines are for, by their channels. */
const purposes: Readonly<Record<number, string>> = {
  5: ", as for pictures with their depth",
  7: ", as for enlarging",
  8: ", as for editing by instructions",
  9: ", as for inpainting",
};

/** Of a model in a single file the configs are in no file of their own. */
function placeOf(folder: string, file: string): string {
  return isSingleFile(folder) ? folder : `${folder}/${file}`;
}

function denoiserOf(model: ModelConfig) {
  return model.family === "sd3"
    ? { file: "transformer/config.json", what: "MMDiT", ...model.mmdit }
    : { file: "unet/config.json", what: "UNet", ...model.unet };
}
