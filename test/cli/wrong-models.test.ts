// What people read when a model is not what its recipe needs: the whole sentence for each, from models made of the golden
// ones. Nothing has been written then, and the runtime has seen nothing.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTensors } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";
import { expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";
import { type Checkpoint, changeCheckpoint, changeJson, entryOf } from "./model-copy.ts";

const workplace = openWorkplace();
const golden = (name: string): string => join(import.meta.dirname, `../goldens/models/${name}`);
const unetFile = "unet/diffusion_pytorch_model.safetensors";
const vaeFile = "vae/diffusion_pytorch_model.safetensors";
const textFile = "text_encoder/model.safetensors";

type Damage = (folder: string) => void;

/** Name, golden model, what is done to it, the failure's code, and its sentence with MODEL for the folder. */
type Row = readonly [string, string, Damage, string, string];

let count = 0;

/** Runs a recipe over a copy of a golden model that `damage` has been at. */
async function check(...[, of, damage, code, says]: Row): Promise<void> {
  count += 1;
  const cwd = join(workplace, String(count));
  cpSync(golden(of), join(cwd, "model"), { recursive: true });
  damage(join(cwd, "model"));
  await refuse(cwd, "model", code, says);
}

async function refuse(cwd: string, model: string, code: string, says: string): Promise<void> {
  write(join(cwd, "tiny.frecas"), tinyRecipe("output: out/{image}.png", `./${model}`));
  const ended = await frecas(["run", "tiny.frecas"], { cwd });
  expectFailure(ended, { code, message: /./ });
  const sentence = ended.err.split("\n").find((line) => line.startsWith("frecas: ")) ?? "";
  expect(sentence.slice("frecas: ".length).replaceAll(join(cwd, model), "MODEL")).toBe(says);
  expect(existsSync(join(cwd, "out"))).toBe(false);
}

const replace =
  (file: string, content: string | Uint8Array): Damage =>
  (folder) =>
    void write(join(folder, file), content);
const cut =
  (file: string, bytes: number): Damage =>
  (folder) =>
    truncateSync(join(folder, file), bytes);
const remove =
  (file: string): Damage =>
  (folder) =>
    rmSync(join(folder, file), { recursive: true });
const rewrite =
  (file: string, change: (checkpoint: Checkpoint) => void): Damage =>
  (folder) =>
    changeCheckpoint(join(folder, file), change);

/** A component of another golden model in place of the model's own. */
const borrow =
  (component: string, from: string): Damage =>
  (folder) => {
    rmSync(join(folder, component), { recursive: true });
    cpSync(join(golden(from), component), join(folder, component), { recursive: true });
  };

const renameTensor =
  (name: string) =>
  (checkpoint: Checkpoint): void => {
    checkpoint.header["renamed"] = entryOf(checkpoint, name);
    delete checkpoint.header[name];
  };

/** The same bytes as four times as many values of 8 bits. */
const inEightBits =
  (name: string) =>
  (checkpoint: Checkpoint): void => {
    const entry = entryOf(checkpoint, name);
    const [rows = 0, ...rest] = entry.shape;
    Object.assign(entry, { dtype: "F8_E4M3", shape: [rows * 4, ...rest] });
  };

/** An index of two shards, of which the second is not there. */
const withoutShard: Damage = (folder) => {
  const keys = [...readTensors(join(folder, unetFile)).keys()];
  renameSync(join(folder, unetFile), join(folder, "unet/first.safetensors"));
  const shardOf = (at: number): string => `${at < 9 ? "second" : "first"}.safetensors`;
  const map = Object.fromEntries(keys.map((key, at) => [key, shardOf(at)]));
  write(join(folder, `${unetFile}.index.json`), JSON.stringify({ weight_map: map }));
};

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"6".repeat(64)}\nsize 34\n`;

const damaged = "the file is damaged or half downloaded, download it again";
const lfs =
  "must hold its own contents, got a pointer of Git LFS in their place; run `git lfs pull` in the model's folder, or download the file itself";
const answered = (got: string): string =>
  `must hold its own contents, got ${got}, as a failed download leaves it; download it again, logged in where the site asks for that`;
const absent = "which is not there; download the model again or copy the missing file";
const mixed = "use the files of one model";
const misfit = `the file does not fit its config.json, ${mixed}`;
const numbers = "choose a copy of the model in F16";
const instead = "download the model's .safetensors files instead";

const downloads: readonly Row[] = [
  [
    "weights that are half downloaded",
    "sd15",
    cut(unetFile, 400_000),
    "weights.header",
    `weights MODEL/${unetFile}: must be 830464 bytes long by its header, got 400000; ${damaged}`,
  ],
  [
    "weights that end in their header",
    "sd15",
    cut(unetFile, 1000),
    "weights.header",
    `weights MODEL/${unetFile}: must hold its whole header of 22760 bytes, got a file of 1000 bytes; ${damaged}`,
  ],
  [
    "weights that are empty",
    "sd15",
    cut(unetFile, 0),
    "weights.header",
    `weights MODEL/${unetFile}: must hold tensors, got an empty file; ${damaged}`,
  ],
  [
    "weights that are a pointer",
    "sd15",
    replace(vaeFile, pointer),
    "model.incomplete",
    `model file MODEL/${vaeFile}: ${lfs}`,
  ],
  [
    "a config that is a pointer",
    "sd15",
    replace("unet/config.json", pointer),
    "model.incomplete",
    `model file MODEL/unet/config.json: ${lfs}`,
  ],
  [
    "a vocabulary that is a pointer",
    "sd15",
    replace("tokenizer/merges.txt", pointer),
    "model.incomplete",
    `model file MODEL/tokenizer/merges.txt: ${lfs}`,
  ],
  [
    "weights that are a web page",
    "sd15",
    replace(textFile, "<!DOCTYPE html><html>404</html>"),
    "model.incomplete",
    `model file MODEL/${textFile}: ${answered("a web page")}`,
  ],
  [
    "a config that is a web page",
    "sd15",
    replace("vae/config.json", "\n<html><head>"),
    "model.incomplete",
    `model file MODEL/vae/config.json: ${answered("a web page")}`,
  ],
  [
    "weights that are a site's answer",
    "sd15",
    replace(unetFile, "Entry not found"),
    "model.incomplete",
    `model file MODEL/${unetFile}: ${answered('a text that begins with "Entry not"')}`,
  ],
  [
    "a config that is a site's answer",
    "sd15",
    replace("unet/config.json", "Entry not found"),
    "model.config",
    'model config MODEL/unet/config.json: must be JSON, got a text that begins with "Entry not found"; download the file again',
  ],
  [
    "a config that is empty",
    "sd15",
    replace("model_index.json", ""),
    "model.config",
    "model config MODEL/model_index.json: must be JSON, got an empty file; download the file again",
  ],
  [
    "a shard that is not there",
    "sd15",
    withoutShard,
    "model.incomplete",
    `model MODEL/unet: must hold second.safetensors, ${absent}`,
  ],
  [
    "a component that is not there",
    "sd15",
    remove("vae"),
    "model.incomplete",
    `model MODEL: must hold vae/config.json, ${absent}`,
  ],
  [
    "a component without weights",
    "sd15",
    remove(unetFile),
    "model.incomplete",
    `model MODEL: must hold ${unetFile}, ${absent}`,
  ],
  [
    "a folder in place of weights",
    "sd15",
    (folder) => {
      rmSync(join(folder, vaeFile));
      mkdirSync(join(folder, vaeFile));
    },
    "model.incomplete",
    `model file MODEL/${vaeFile}: must be a file that this user can read, got "a folder, not a file"; check its permissions or choose another copy`,
  ],
];

const formats: readonly Row[] = [
  [
    "a pickle",
    "sd15",
    (folder) =>
      renameSync(join(folder, unetFile), join(folder, "unet/diffusion_pytorch_model.bin")),
    "weights.pickle",
    `weights MODEL/unet/diffusion_pytorch_model.bin: must be a .safetensors file, got a pickle, which can run any program it likes when opened; ${instead}`,
  ],
  [
    "GGUF under the name of safetensors",
    "sd15",
    replace(unetFile, "GGUF\x03\0\0\0\x10\0\0\0"),
    "model.unsupported",
    `weights MODEL/${unetFile}: must be a .safetensors file, got GGUF, a format of quantized weights; ${instead}`,
  ],
  [
    "numbers of 8 bits",
    "sd15",
    rewrite(unetFile, inEightBits("conv_in.weight")),
    "weights.tensor",
    `weights MODEL/${unetFile}: tensor conv_in.weight must be F32, F16 or BF16, got F8_E4M3; ${numbers}`,
  ],
  [
    "whole numbers",
    "sd15",
    rewrite(textFile, (file) => {
      entryOf(file, "final_layer_norm.bias").dtype = "I32";
    }),
    "weights.tensor",
    `weights MODEL/${textFile}: tensor final_layer_norm.bias must be F32, F16 or BF16, got I32; ${numbers}`,
  ],
];

const mixtures: readonly Row[] = [
  [
    "weights of another UNet",
    "sdxl",
    (folder) =>
      cpSync(
        join(golden("sd15"), unetFile),
        join(folder, "unet/diffusion_pytorch_model.fp16.safetensors"),
      ),
    "weights.tensor",
    `weights MODEL/unet/diffusion_pytorch_model.fp16.safetensors: tensor add_embedding.linear_1.weight must be there with shape [64, 64], got no such tensor; ${misfit}`,
  ],
  [
    "Stable Diffusion's UNet in SDXL",
    "sdxl",
    borrow("unet", "sd15"),
    "model.unsupported",
    "model MODEL/unet/config.json: must be one with addition_embed_type: text_time, as a StableDiffusionXLPipeline needs it, got addition_embed_type: null; choose another model",
  ],
  [
    "SDXL's UNet in Stable Diffusion",
    "sd15",
    borrow("unet", "sdxl"),
    "model.unsupported",
    "model MODEL/unet/config.json: must be one with addition_embed_type: null, as a StableDiffusionPipeline needs it, got addition_embed_type: text_time; choose another model",
  ],
  [
    "a text encoder of another width",
    "sd15",
    borrow("text_encoder", "sd3"),
    "model.config",
    `model MODEL/unet/config.json: cross_attention_dim must be 16, as the text encoders are, got 24; ${mixed}`,
  ],
  [
    "a VAE of more latent channels",
    "sd15",
    borrow("vae", "sd3"),
    "model.config",
    `model MODEL/vae/config.json: must have 4 latent channels, as the UNet has, got 16; ${mixed}`,
  ],
  [
    "a VAE of fewer latent channels",
    "sd3",
    borrow("vae", "sd15"),
    "model.config",
    `model MODEL/vae/config.json: must have 16 latent channels, as the MMDiT has, got 4; ${mixed}`,
  ],
  [
    "a UNet for inpainting",
    "sd15",
    (folder) => changeJson(folder, "unet/config.json", { in_channels: 9 }),
    "model.unsupported",
    "model MODEL/unet/config.json: must be a text-to-image UNet over the VAE's 4 latent channels, got 9 channels in and 4 out, as for inpainting; choose another model",
  ],
  [
    "a tensor of another shape",
    "sd15",
    rewrite(vaeFile, (file) => void entryOf(file, "encoder.conv_in.weight").shape.reverse()),
    "weights.tensor",
    `weights MODEL/${vaeFile}: tensor encoder.conv_in.weight must have shape [8, 3, 3, 3], got [3, 3, 3, 8]; ${misfit}`,
  ],
  [
    "a missing tensor",
    "sd15",
    rewrite(vaeFile, renameTensor("decoder.conv_in.weight")),
    "weights.tensor",
    `weights MODEL/${vaeFile}: tensor decoder.conv_in.weight must be there with shape [16, 4, 3, 3], got no such tensor; ${misfit}`,
  ],
];

describe("a failed download", () => it.each(downloads)("%s", check));
describe("another format", () => it.each(formats)("%s", check));
describe("parts of different models", () => it.each(mixtures)("%s", check));

const whole = "must be a whole checkpoint of ";
const holding = (...keys: readonly string[]): Damage => {
  const tensor = { shape: [1], data: Float32Array.of(1) };
  return (file) => writeTensors(file, new Map(keys.map((key) => [key, tensor])), "F32");
};
const containing =
  (content: string): Damage =>
  (file) =>
    void write(file, content);

describe("a single file that is no whole model", () => {
  it.each<readonly [string, Damage, string, RegExp]>([
    ["a.gguf", containing("GGUF"), "model.unsupported", /^weights MODEL: .* got GGUF, a format/],
    ["a.ckpt", containing("PK"), "weights.pickle", /^weights MODEL: .* got a pickle/],
    ["a.pt", containing("PK"), "weights.pickle", /^weights MODEL: .* got a pickle/],
    ["lfs.safetensors", containing(pointer), "model.incomplete", /^model file MODEL: .* pointer/],
    ["page.safetensors", containing("<html></html>"), "model.incomplete", /got a web page/],
    [
      "unet.safetensors",
      (file) => cpSync(join(golden("sd15"), unetFile), file),
      "model.unsupported",
      /got a UNet alone, one file of a folder in diffusers format;/,
    ],
    [
      "text.safetensors",
      (file) => cpSync(join(golden("sd15"), textFile), file),
      "model.unsupported",
      /got a text encoder alone;/,
    ],
    [
      "vae.safetensors",
      (file) => cpSync(join(golden("sd15"), vaeFile), file),
      "model.unsupported",
      /got a VAE alone;/,
    ],
    [
      "ema.safetensors",
      holding("model_ema.diffusion_modelinput_blocks00weight"),
      "model.unsupported",
      /got averaged weights \(EMA\) without the model's own;/,
    ],
    [
      "averaged.safetensors",
      holding(
        "cond_stage_model.transformer.text_model.a",
        "first_stage_model.decoder.conv_in.weight",
        "model_ema.diffusion_modelout2weight",
      ),
      "model.incomplete",
      /must hold a UNet, got no tensor below model\.diffusion_model\. but averaged ones \(EMA\)/,
    ],
    ["flux.safetensors", holding("double_blocks.0.a"), "model.unsupported", /got FLUX;/],
  ])("%s", async (name, make, code, message) => {
    const cwd = join(workplace, "files");
    const path = join(cwd, name);
    mkdirSync(cwd, { recursive: true });
    make(path);
    write(join(cwd, "tiny.frecas"), tinyRecipe("output: out/{image}.png", `./${name}`));
    const ended = await frecas(["run", "tiny.frecas"], { cwd });
    const unfolded = { ...ended, err: ended.err.replaceAll(path, "MODEL") };
    expectFailure(unfolded, { code, message });
    if (code === "model.unsupported" && !name.endsWith("gguf"))
      expect(unfolded.err).toContain(whole);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });
});
