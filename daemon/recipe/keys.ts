// The one table of the recipe language: what each key is, in words and as a schema.
// Feeds the parser, hover and completion. No default is applied here: the plan does that.
import { z } from "zod";
import { demofusionKey, scalecrafterKey } from "./method-keys.ts";
import {
  frequencyGuidanceSchema,
  loraSchema,
  nameSchema,
  outputSchema,
  SIZE_RULE,
  sizeSchema,
  stagesSchema,
  textSchema,
} from "./value-schemas.ts";

/** What people are told about a value: what it does, what it must be, one that is right. */
export interface Explained {
  readonly does: string;
  /** Follows "must be": unit and range included. */
  readonly rule: string;
  readonly example: string;
  /** Values that can be proposed as they are. */
  readonly words?: readonly string[];
}

/** One key of the language. `schema` reads its value. */
export interface Key extends Explained {
  /** How a value is written, for hover. */
  readonly syntax: string;
  /** The default in words; null where there is none. */
  readonly default: string | null;
  /** The flag of the published command line; null where it has none. */
  readonly flag: string | null;
  /** The part of the method the key belongs to; null for keys around it. */
  readonly method: string | null;
  /** Values that can be proposed as they are. */
  readonly words: readonly string[];
  /** Keys inside the value, where it is a mapping or a list of mappings. */
  readonly fields: Readonly<Record<string, Explained>>;
  readonly schema: z.ZodType;
}

const none = { default: null, flag: null, method: null, words: [], fields: {} };

/** Every key, in the order in which recipes are printed. */
export const KEYS = {
  name: {
    ...none,
    does: "Names the recipe: shown in lists, part of the output path, and what extends refers to.",
    syntax: "word",
    rule: "must be a word of letters, digits, - and _, unique in the file",
    example: "dawn",
    default: "the file's name, then with -2, -3, …",
    schema: nameSchema,
  },
  extends: {
    ...none,
    does: "Starts from another recipe: all its keys but name hold here too, unless written again.",
    syntax: "name | file.frecas#name",
    rule: "must be the name of a recipe of this file, or file.frecas#name",
    example: "dawn",
    schema: z.string().regex(/^(.+#)?[\p{L}\p{M}\p{N}_-]+$/u),
  },
  model: {
    ...none,
    does: "The model that paints: a built-in name, a folder in diffusers format, a single .safetensors file, a Hugging Face id that is already in the local cache, or the name of a file or folder that `frecas models` lists, with or without .safetensors (docs/models.md says where it looks). A single .safetensors file is a whole checkpoint of Stable Diffusion 1.x, 2.x, SDXL, 3 or 3.5 in its original layout; one of 2.x is taken for the 768 px model (v-prediction), so give the 512 px base as a folder; one of 3 or 3.5 holds its text encoders clip_l and clip_g, and may hold t5xxl. Write ./ before a folder or file beside the recipe.",
    syntax: "name | ./folder | ./file.safetensors | owner/model | file",
    rule: "must be a model's name, folder, file or Hugging Face id",
    example: "vista",
    default: "vista, which is built in",
    flag: "--name",
    words: ["vista"],
    schema: textSchema,
  },
  lora: {
    ...none,
    does: "LoRAs that change the model while it paints, several at once: .safetensors files in kohya's or diffusers' layout that were made for the model's family, for its text encoders and its UNet or MMDiT. The model's own files stay as they are. An empty list is none, where the recipe extends one that has some.",
    syntax: "[{ file, weight } | file, …]",
    rule: "must be a list of LoRAs, each { file, weight } or a file's path",
    example: "[{ file: watercolour.safetensors, weight: 0.8 }]",
    default: "none",
    fields: {
      file: {
        does: "The LoRA's file.",
        rule: "must be the path of a .safetensors file",
        example: "watercolour.safetensors",
      },
      weight: {
        does: "How strongly the LoRA acts: 1 as it was trained, 0 not at all, below 0 the other way. 1 where it is left out.",
        rule: "must be a number from -100 to 100",
        example: "0.8",
      },
    },
    schema: loraSchema,
  },
  prompt: {
    ...none,
    does: "What to paint, as one text or a list of texts. Each prompt gets its own pictures and its own seed.",
    syntax: "text | [text, …]",
    rule: "must be a text or a list of texts, none of them empty",
    example: "a calm lake at dawn",
    flag: "--prompts TEXT",
    method: "method §7",
    schema: z.union([
      textSchema.transform((text): readonly string[] => [text]),
      z.array(textSchema).min(1),
    ]),
  },
  prompts: {
    ...none,
    does: "A text file with one prompt a line, instead of prompt. Blank lines are skipped. It has at most 10000 lines.",
    syntax: "path",
    rule: "must be the path of a text file with one prompt a line",
    example: "prompts.txt",
    flag: "--prompts FILE",
    schema: textSchema,
  },
  negative: {
    ...none,
    does: "What to keep out of the picture: guidance pushes away from this text.",
    syntax: "text",
    rule: "must be a text",
    example: "blurry, low quality",
    default:
      "the text that the published code of FreCaS always uses, for demofusion too; none for scalecrafter",
    method: "method §7",
    schema: z.string().trim(),
  },
  seed: {
    ...none,
    does: "Where the noise starts: the same seed and recipe give the same picture. random is fixed when the run is queued.",
    syntax: "0 … 4294967295 | random",
    rule: "must be a whole number from 0 to 4294967295, or random",
    example: "7",
    default: "1",
    flag: "--seed",
    method: "method §8",
    words: ["random"],
    schema: z.union([
      z
        .int()
        .min(0)
        .max(2 ** 32 - 1),
      z.literal("random"),
    ]),
  },
  images: {
    ...none,
    does: "How many pictures to paint for each prompt.",
    syntax: "1 … 64",
    rule: "must be a whole number from 1 to 64",
    example: "2",
    default: "1",
    flag: "--images-per-prompt",
    schema: z.int().min(1).max(64),
  },
  guidance: {
    ...none,
    does: "How strongly the picture follows the prompt (classifier-free guidance). 1 turns guidance off.",
    syntax: "number >= 1",
    rule: "must be a number of at least 1",
    example: "7.5",
    default:
      "the preset of model and method: 7.5 for Stable Diffusion, 3 for vista; 5 for SDXL under scalecrafter, and under demofusion's preset defaults",
    flag: "--gs",
    method: "method §5",
    schema: z.number().min(1),
  },
  size: {
    ...none,
    does: "Size of the finished picture, as width x height or one number for a square. Without stages, it also chooses the model's preset. Stable Diffusion 3 wants multiples of 16.",
    syntax: "N | WxH, in pixels",
    rule: SIZE_RULE,
    example: "1024x512",
    default: "the model's preset",
    schema: sizeSchema,
  },
  stages: {
    ...none,
    does: "The cascade, smallest picture first: each stage enlarges the picture before it and paints on from there.",
    syntax: "list of { size, steps, until }",
    rule: "must be a list of stages, each { size, steps, until }",
    example: "- { size: 512, steps: 30, until: 200 }",
    default: "the model's preset for the size",
    flag: "--tsize --msp_steps --msp_endtimes",
    method: "method §2",
    fields: {
      size: {
        does: "Size of the picture in this stage; larger than in the stage before.",
        rule: SIZE_RULE,
        example: "512",
      },
      steps: {
        does: "How many times the network runs in this stage. More steps take longer and paint finer.",
        rule: "must be a whole number from 1 to 1000",
        example: "30",
      },
      until: {
        does: "The timestep at which this stage ends: 999 is pure noise, 0 the finished picture. The last stage ends at 0.",
        rule: "must be a whole number from 0 to 999",
        example: "200",
      },
    },
    schema: stagesSchema,
  },
  gamma: {
    ...none,
    does: "How much noise the next stage starts from. Larger values start it noisier, which repaints more. Stable Diffusion 3 has 1 built in.",
    syntax: "number > 0",
    rule: "must be a number above 0",
    example: "2",
    default: "the model's preset",
    flag: "--msp_gamma",
    method: "method §2",
    schema: z.number().positive(),
  },
  frequency_guidance: {
    ...none,
    does: "Guidance of the later stages, apart for the details that a stage adds (high) and for what it keeps from the stage before (low). One number is for both; variant: published uses it for high alone, with nothing for low.",
    syntax: "{ high, low } | number",
    rule: "must be { high, low }, or one number, each at least 0",
    example: "{ high: 35, low: 7.5 }",
    default: "the model's preset",
    flag: "--facfg_weight",
    method: "method §5",
    fields: {
      high: {
        does: "Guidance of the new, fine details.",
        rule: "must be a number of at least 0",
        example: "35",
      },
      low: {
        does: "Guidance of the coarse picture that the stage before has painted.",
        rule: "must be a number of at least 0",
        example: "7.5",
      },
    },
    schema: frequencyGuidanceSchema,
  },
  attention_reuse: {
    ...none,
    does: "How much of the first stage's layout (its cross-attention maps) the later stages keep. 0 keeps none, 1 keeps all.",
    syntax: "0 … 1",
    rule: "must be a number from 0 to 1",
    example: "0.6",
    default: "the model's preset",
    flag: "--camap_weight",
    method: "method §6",
    schema: z.number().min(0).max(1),
  },
  tiling: {
    ...none,
    does: "Whether pictures pass through the VAE in overlapping tiles, which needs less memory.",
    syntax: "auto | on | off",
    rule: "must be auto, on or off",
    example: "auto",
    default:
      "the model's preset: on for SDXL at 4096 px, else auto, which is on where memory would not suffice, or where tiles are less than half the work",
    flag: "--vae_tiling",
    method: "method §4",
    words: ["auto", "on", "off"],
    schema: z.enum(["auto", "on", "off"]),
  },
  precision: {
    ...none,
    does: "The numbers that the network computes with. fp16 halves the memory where the device can do it.",
    syntax: "auto | fp32 | fp16",
    rule: "must be auto, fp32 or fp16",
    example: "auto",
    default: "auto: what the device does best",
    flag: "--mixed_precision",
    words: ["auto", "fp32", "fp16"],
    schema: z.enum(["auto", "fp32", "fp16"]),
  },
  t5: {
    ...none,
    does: "Whether Stable Diffusion 3's third text encoder, T5, reads the prompt too: up to 255 tokens of it, where the two CLIP encoders read 75. off saves reading some 10 GB of weights; zeros take the place of its vectors.",
    syntax: "auto | on | off",
    rule: "must be auto, on or off",
    example: "off",
    default:
      "auto: on where the model has it, but off for variant: published, for the published code leaves it out",
    method: "method §7",
    words: ["auto", "on", "off"],
    schema: z.enum(["auto", "on", "off"]),
  },
  variant: {
    ...none,
    does: "corrected repairs the quirks of the published code; published computes exactly what it does.",
    syntax: "corrected | published",
    rule: "must be corrected or published",
    example: "corrected",
    default: "corrected",
    words: ["corrected", "published"],
    schema: z.enum(["corrected", "published"]),
  },
  method: {
    ...none,
    does: "How a picture larger than the model was trained for is painted. frecas paints in stages. demofusion ([Du et al. 2023](https://arxiv.org/abs/2311.16973)) and scalecrafter ([He et al. 2023](https://arxiv.org/abs/2310.07702)) are two other published methods, with settings under keys of their names: demofusion is for Stable Diffusion XL and sizes whose longer side is a multiple of the trained one, scalecrafter for every model with a UNet. direct paints one stage at the full size, for comparison.",
    syntax: "frecas | demofusion | scalecrafter | direct",
    rule: "must be frecas, demofusion, scalecrafter or direct",
    example: "frecas",
    default: "frecas",
    words: ["frecas", "demofusion", "scalecrafter", "direct"],
    schema: z.enum(["frecas", "demofusion", "scalecrafter", "direct"]),
  },
  demofusion: demofusionKey,
  scalecrafter: scalecrafterKey,
  init: {
    ...none,
    does: "Enlarges an existing picture, a PNG or a JPEG: it takes the place of what the stages before `from` would have painted, and they are skipped. The picture must have their aspect ratio. It is resized to the size of the stage before `from`: write stages in which that one is as large as the picture, or leave the stages to `size`. The file must be there when the recipe is planned. The prompt says what the picture shows.",
    syntax: "{ image, from }",
    rule: "must be { image, from }, where from may be left out",
    example: "{ image: lake.png, from: 2 }",
    fields: {
      image: {
        does: "The picture to start from.",
        rule: "must be the path of a picture",
        example: "lake.png",
      },
      from: {
        does: "The stage that enlarges it, counted from 1, so 2 is the first that can. Left out, it is the one after the stage whose size is nearest to the picture's.",
        rule: "must be the number of a stage, 2 or later",
        example: "2",
      },
    },
    method: "method §4, §6",
    schema: z.strictObject({ image: textSchema, from: z.int().min(2).optional() }),
  },
  compare: {
    ...none,
    does: "Paints the recipe again under each of these changes, side by side on one seed.",
    syntax: "list of mappings of keys",
    rule: "must be a list of changes, each a mapping of keys",
    example: "- { method: direct }",
    schema: z.array(z.record(z.string(), z.unknown())),
  },
  sweep: {
    ...none,
    does: "Paints every combination of these values; the last key changes fastest.",
    syntax: "{ key: [value, …], … }",
    rule: "must be a mapping of keys to lists of values",
    example: "{ seed: [1, 2, 3] }",
    schema: z.record(z.string(), z.array(z.unknown()).min(1)),
  },
  output: {
    ...none,
    does: "Where the pictures go. {name}, {prompt}, {image} and {seed} stand for the recipe's name, the numbers of the prompt and of the picture, and the seed.",
    syntax: "path with {name} {prompt} {image} {seed}",
    rule: "must be the path of a PNG",
    example: "results/{name}/{prompt}.{image}.png",
    default: "results/{name}/{prompt}.{image}.png",
    flag: "--output_dir",
    method: "method §9",
    schema: outputSchema,
  },
  metadata: {
    ...none,
    does: "Whether the recipe and its settings are written into the PNG.",
    syntax: "on | off",
    rule: "must be on or off",
    example: "on",
    default: "on",
    words: ["on", "off"],
    schema: z.enum(["on", "off"]),
  },
} satisfies Record<string, Key>;

/** The name of a key. */
export type KeyName = keyof typeof KEYS;

/** Whether a word is a key of the language. */
export function isKeyName(word: string): word is KeyName {
  return Object.hasOwn(KEYS, word);
}

/** The key that is a flag of the published command line, written with or without its dashes. */
export function keyOfFlag(word: string): KeyName | undefined {
  const bare = word.replace(/^-+/, "");
  return Object.keys(KEYS)
    .filter(isKeyName)
    .find((name) => flagsOf(name).includes(bare));
}

function flagsOf(name: KeyName): readonly string[] {
  const key: Key = KEYS[name];
  return (key.flag ?? "").split(" ").map((flag) => flag.replace(/^-+/, ""));
}
