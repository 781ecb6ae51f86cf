// The catalogue over folders of checkpoints as ComfyUI, A1111 and people fill them.
import { cpSync, renameSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { changeJson } from "../cli/model-copy.ts";
import { originalTensors } from "../support/original-layout.ts";
import { golden } from "../support/read-golden.ts";
import { writeTensors } from "../support/write-tensors.ts";
import { safetensors } from "../weights/safetensors.ts";
import { checkCatalogue, openWorkplace, writeTiny } from "./workplace.ts";

const unet = "unet/diffusion_pytorch_model.safetensors";
const vae = "vae/diffusion_pytorch_model.safetensors";

it("a machine without models has the built-in one", async () => {
  await checkCatalogue(openWorkplace(), { entries: [] });
});

it("a tree of ComfyUI: sub-folders, links, pickles, and parts that are no models", async () => {
  const workplace = openWorkplace();
  const { home } = workplace;
  const top = "ComfyUI/models/checkpoints";
  writeTiny(workplace, `${top}/anime/tiny.safetensors`);
  writeTensors(join(home, `${top}/xl.safetensors`), originalTensors("sdxl"), "F16");
  workplace.write(`${top}/old.ckpt`, "pickle");
  const one = { shape: [1], data: Float32Array.of(1) };
  const part = (name: string, ...keys: readonly string[]): void =>
    writeTensors(join(home, top, name), new Map(keys.map((key) => [key, one])), "F16");
  part("style.safetensors", "lora_unet_down_blocks_0.lora_down.weight");
  part("other-style.safetensors", "unet.down_blocks.0.attn1.to_k.lora_A.weight");
  part("vae.safetensors", "encoder.conv_in.weight", "decoder.conv_in.weight");
  part("words.safetensors", "clip_l", "clip_g");
  part("pose.safetensors", "control_model.input_blocks.0.0.weight");
  workplace.write(`${top}/put_checkpoints_here`, "");
  // A circle of links, a link to a file that is there already, and hidden folders.
  symlinkSync("..", join(home, top, "anime/round"));
  symlinkSync("anime/tiny.safetensors", join(home, top, "same.safetensors"));
  workplace.write(`${top}/.trash/gone.safetensors`, "");
  await checkCatalogue(workplace, {
    entries: [
      "tiny.safetensors comfyui sd 64 fp32 complete",
      "old.ckpt comfyui ? refused",
      "xl.safetensors comfyui sdxl 64 fp16 complete",
    ],
    says: [/old\.ckpt: must be a \.safetensors file, got a pickle/],
    notes: [/no models by themselves: 1 ControlNet, 2 LoRAs, 1 VAE, 1 embedding$/],
  });
});

it("a file that several programs share is listed once", async () => {
  const workplace = openWorkplace();
  const shared = "stable-diffusion-webui/models/Stable-diffusion";
  writeTiny(workplace, `${shared}/tiny.safetensors`);
  workplace.write(
    "ComfyUI/extra_model_paths.yaml",
    `a111:\n  base_path: ~/stable-diffusion-webui\n  checkpoints: models/Stable-diffusion\n`,
  );
  await checkCatalogue(workplace, { entries: ["tiny.safetensors comfyui sd 64 fp32 complete"] });
});

it("files of one name are listed under as much of their path as sets them apart", async () => {
  const workplace = openWorkplace();
  writeTiny(workplace, "ComfyUI/models/checkpoints/tiny.safetensors");
  writeTiny(workplace, "ComfyUI/models/checkpoints/a/tiny.safetensors");
  writeTiny(workplace, "sd/b/tiny.safetensors");
  workplace.write("sd/b/tiny.ckpt", "pickle");
  await checkCatalogue(
    workplace,
    {
      entries: [
        "tiny.ckpt folder ? refused",
        "b/tiny.safetensors folder sd 64 fp32 complete",
        "a/tiny.safetensors comfyui sd 64 fp32 complete",
        "checkpoints/tiny.safetensors comfyui sd 64 fp32 complete",
      ],
      says: [/tiny\.ckpt/],
    },
    { FRECAS_MODELS: "sd" },
  );
});

it("folders in diffusers format are models, whole and with parts absent", async () => {
  const workplace = openWorkplace();
  const folder = (name: string): string => {
    cpSync(golden("models/sd15"), join(workplace.home, "sd", name), { recursive: true });
    return join(workplace.home, "sd", name);
  };
  folder("whole");
  rmSync(join(folder("no-vae"), vae));
  rmSync(join(folder("no-words"), "tokenizer"), { recursive: true });
  changeJson(folder("masks"), "unet/config.json", { in_channels: 9 });
  const pickled = folder("pickled");
  renameSync(join(pickled, unet), join(pickled, "unet/diffusion_pytorch_model.bin"));
  await checkCatalogue(
    workplace,
    {
      entries: [
        "masks folder sd 64 fp32 refused",
        "no-vae folder sd 64 fp32 incomplete",
        "no-words folder sd 64 fp32 incomplete",
        "pickled folder sd 64 fp32 refused",
        "whole folder sd 64 fp32 complete",
      ],
      says: [
        /9 channels in/,
        /must hold vae\/diffusion_pytorch_model\.safetensors/,
        /must hold tokenizer\/vocab\.json/,
        /got a pickle/,
      ],
    },
    { FRECAS_MODELS: "sd" },
  );
});

it("models of every family are complete with the parts that theirs has", async () => {
  const workplace = openWorkplace();
  const copy = (name: string): string => {
    cpSync(golden(`models/${name}`), join(workplace.home, "sd", name), { recursive: true });
    return join(workplace.home, "sd", name);
  };
  for (const name of ["sd21v", "sd35", "sdxl"]) copy(name);
  rmSync(join(copy("sd3"), "text_encoder_2/model.safetensors"));
  await checkCatalogue(
    workplace,
    {
      entries: [
        "sd21v folder sd 64 fp32 complete",
        "sd3 folder sd3 128 fp32 incomplete",
        "sd35 folder sd35 128 fp32 complete",
        "sdxl folder sdxl 64 fp16 complete",
      ],
      says: [/must hold text_encoder_2\/model\.safetensors/],
    },
    { FRECAS_MODELS: "sd" },
  );
});

it("files that are broken or of another kind say so, each by itself", async () => {
  const workplace = openWorkplace();
  const { home } = workplace;
  const folder = "stable-diffusion-webui/models/Stable-diffusion";
  const half = writeTiny(workplace, `${folder}/half.safetensors`);
  truncateSync(half, 400_000);
  workplace.write(`${folder}/html.safetensors`, "<!DOCTYPE html><html>404</html>");
  workplace.write(`${folder}/empty.safetensors`, "");
  symlinkSync("/nowhere/gone.safetensors", join(home, folder, "gone.safetensors"));
  const one = { shape: [1], data: Float32Array.of(1) };
  const strange = (name: string, key: string): void =>
    writeTensors(join(home, folder, name), new Map([[key, one]]), "F16");
  strange("flux.safetensors", "double_blocks.0.img_attn.qkv.weight");
  strange("refiner.safetensors", "conditioner.embedders.0.model.ln_final.weight");
  const edm = new Map([...originalTensors("sdxl"), ["edm_vpred.sigma_max", one]]);
  writeTensors(join(home, folder, "cosxl.safetensors"), edm, "F16");
  const masks = new Map(originalTensors("sd15"));
  const convIn = "model.diffusion_model.input_blocks.0.0.weight";
  const { data } = masks.get(convIn) ?? one;
  masks.set(convIn, { shape: [16, 9, 3, 3], data: new Float32Array((data.length / 4) * 9) });
  writeTensors(join(home, folder, "masks.safetensors"), masks, "F16");
  await checkCatalogue(workplace, {
    entries: [
      "cosxl.safetensors a1111 ? refused",
      "empty.safetensors a1111 ? incomplete",
      "flux.safetensors a1111 ? refused",
      "gone.safetensors a1111 ? incomplete",
      "half.safetensors a1111 ? incomplete",
      "html.safetensors a1111 ? incomplete",
      "masks.safetensors a1111 sd 64 fp16 refused",
      "refiner.safetensors a1111 ? refused",
    ],
    says: [
      /got one trained by EDM, as its tensor edm_vpred\.sigma_max says/,
      /must hold tensors, got an empty file/,
      /got FLUX;/,
      /must hold gone\.safetensors, which is not there/,
      /must be \d+ bytes long by its header, got 400000/,
      /got a web page, as a failed download leaves it/,
      /9 channels in and 4 out/,
      /got SDXL's refiner/,
    ],
  });
});

it("the types of the numbers are told, and float8 is refused", async () => {
  const workplace = openWorkplace();
  const file = (name: string, typeOf: (key: string) => keyof typeof bytesOf): void => {
    let end = 0;
    const entries = [...originalTensors("sd15")].map(([key, { shape, data }]) => {
      const [begin, dtype] = [end, typeOf(key)];
      end += data.length * bytesOf[dtype];
      return [key, { dtype, shape, data_offsets: [begin, end] }];
    });
    workplace.write(`sd/${name}.safetensors`, safetensors(Object.fromEntries(entries), end));
  };
  file("brain", () => "BF16");
  file("mixed", (key) => (key.startsWith("first_stage_model.") ? "F32" : "F16"));
  file("small", () => "F8_E4M3");
  await checkCatalogue(
    workplace,
    {
      entries: [
        "brain.safetensors folder sd 64 bf16 complete",
        "mixed.safetensors folder sd 64 mixed complete",
        "small.safetensors folder sd 64 fp8 refused",
      ],
      says: [/got weights of the type F8_E4M3/],
    },
    { FRECAS_MODELS: "sd" },
  );
});

const bytesOf = { F32: 4, F16: 2, BF16: 2, F8_E4M3: 1 } as const;
