// What the method needs of a model beyond configs that can be read.
import { unsupportedModel } from "../base/failure.ts";
import type { ModelConfig } from "../config/model-config.ts";

/**
 * The method needs a latent of an eighth of the picture, and a UNet over that latent and nothing else. Throws
 * `unsupportedModel`.
 */
export function checkModel({ folder, unet, vae }: ModelConfig): void {
  if (vae.sampleSize % 32 !== 0)
    throw unsupportedModel(
      `${folder}/vae/config.json`,
      `tiles of ${vae.sampleSize} px (sample_size)`,
      "one whose sample_size is a multiple of 32, so that tiles meet",
    );
  if (vae.channels.length !== 4)
    throw unsupportedModel(
      `${folder}/vae/config.json`,
      `${vae.channels.length} levels in block_out_channels`,
      "a VAE of 4 levels, whose latent is an eighth of the picture",
    );
  if (unet.inChannels !== vae.latentChannels || unet.outChannels !== vae.latentChannels)
    throw unsupportedModel(
      `${folder}/unet/config.json`,
      `${unet.inChannels} channels in and ${unet.outChannels} out`,
      `a text-to-image UNet over the VAE's ${vae.latentChannels} latent channels`,
    );
}
