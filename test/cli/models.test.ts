// Every way in which a model's folder can be wrong: one sentence that names the file, and nothing written.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";
import {
  type Checkpoint,
  changeCheckpoint,
  changeJson,
  checkpoints,
  copyModel,
  entryOf,
} from "./model-copy.ts";

const workplace = openWorkplace();
let count = 0;

interface Expected {
  readonly code: string;
  readonly message: RegExp;
}

/** Runs a recipe over a copy of the golden model that `damage` has been at. */
async function check(
  damage: (folder: string) => void,
  expected: Expected,
  asNobody = false,
): Promise<void> {
  count += 1;
  const cwd = join(workplace, String(count));
  const model = join(cwd, "model");
  copyModel(model);
  damage(model);
  write(join(cwd, "tiny.frecas"), tinyRecipe("output: out/{image}.png", "./model"));
  const ended = await frecas(["run", "tiny.frecas", "--json"], { cwd, asNobody });
  expectFailure(ended, expected);
  expect(ended.out).toContain(`"failed":"${expected.code}"`);
  expect(existsSync(join(cwd, "out/0.png")) || existsSync(join(cwd, "out/00.png"))).toBe(false);
}

const remove = (file: string) => (folder: string) =>
  rmSync(join(folder, file), { recursive: true });
const replace = (file: string, content: string | Uint8Array) => (folder: string) =>
  void write(join(folder, file), content);
const json = (file: string, changes: object) => (folder: string) =>
  changeJson(folder, file, changes);
const checkpoint =
  (part: keyof typeof checkpoints, change: (file: Checkpoint) => void) => (folder: string) =>
    changeCheckpoint(join(folder, checkpoints[part]), change);

const convIn = "conv_in.weight";
const lengthOf = (length: bigint): Uint8Array => {
  const bytes = Buffer.alloc(64);
  bytes.writeBigUInt64LE(length);
  return bytes;
};

describe("a folder that lacks a file names it", () => {
  it.each([
    ["model_index.json"],
    ["unet/config.json"],
    ["vae/config.json"],
    ["text_encoder/config.json"],
    ["scheduler/scheduler_config.json"],
    [checkpoints.unet],
    [checkpoints.vae],
    [checkpoints.text],
  ])("%s", (file) =>
    check(remove(file), { code: "model.incomplete", message: new RegExp(`must hold ${file}`) }),
  );

  it("a tokenizer without words", () =>
    check(remove("tokenizer"), { code: "model.incomplete", message: /must hold vocab\.json/ }));

  it("a checkpoint that is a link to nowhere", () =>
    check(
      (folder) => {
        const path = join(folder, checkpoints.unet);
        rmSync(path);
        symlinkSync("gone", path);
      },
      { code: "model.incomplete", message: /must hold diffusion_pytorch_model\.safetensors/ },
    ));

  it("a checkpoint that is a folder", () =>
    check(
      (folder) => {
        rmSync(join(folder, checkpoints.vae));
        mkdirSync(join(folder, checkpoints.vae));
      },
      { code: "model.incomplete", message: /must be a file that this user can read/ },
    ));

  it("a vocabulary that is a folder, and so none", () =>
    check(
      (folder) => {
        rmSync(join(folder, "tokenizer/tokenizer.json"));
        rmSync(join(folder, "tokenizer/vocab.json"));
        mkdirSync(join(folder, "tokenizer/vocab.json"));
      },
      { code: "model.incomplete", message: /must hold vocab\.json/ },
    ));
});

describe("a file that this user may not read is named", () => {
  it.each([
    ["model_index.json"],
    ["unet/config.json"],
    ["tokenizer/merges.txt"],
    [checkpoints.vae],
  ])("%s", (file) =>
    check(
      (folder) => chmodSync(join(folder, file), 0),
      { code: "model.incomplete", message: new RegExp(`${file}: must be a file that this user`) },
      true,
    ),
  );
});

describe("a config that cannot be understood names the file", () => {
  it.each([
    ["model_index.json", "{", /model_index\.json: must be JSON/],
    ["unet/config.json", "", /unet\/config\.json: must be JSON, got an empty file/],
    ["vae/config.json", "[]", /vae\/config\.json: "the file" must be understood/],
    ["scheduler/scheduler_config.json", "oops", /scheduler_config\.json: must be JSON/],
    ["tokenizer/vocab.json", "{", /vocab\.json: must be JSON/],
    ["tokenizer/vocab.json", '{"a":-1}', /vocab\.json: "a" must be understood/],
    ["tokenizer/merges.txt", "a b c\n", /merges\.txt: must have two tokens in each merge/],
    ["tokenizer/merges.txt", "qq zz\n", /merges\.txt: must make tokens of the vocabulary only/],
  ])("%s holding %j", (file, content, message) =>
    check(replace(file, content), { code: "model.config", message }),
  );
});

describe("a model of another kind is refused", () => {
  it.each([
    ["pipeline", "model_index.json", { _class_name: "FluxPipeline" }, /the class FluxPipeline/],
    [
      "kind of block",
      "unet/config.json",
      { down_block_types: ["MyBlock", "DownBlock2D"] },
      /the block type MyBlock/,
    ],
    [
      "middle block",
      "unet/config.json",
      { mid_block_type: "UNetMidBlock2D" },
      /got mid_block_type: "UNetMidBlock2D"/,
    ],
    ["UNet for masks", "unet/config.json", { in_channels: 9 }, /9 channels in/],
    ["VAE of two levels", "vae/config.json", { block_out_channels: [8, 16] }, /2 levels/],
  ])("another %s", (_, file, changes, message) =>
    check(json(file, changes), { code: "model.unsupported", message }),
  );

  it("another class of UNet", () =>
    check(json("unet/config.json", { _class_name: "UNet3DConditionModel" }), {
      code: "model.config",
      message: /"_class_name" must be understood/,
    }));

  it("groups that do not divide the channels", () =>
    check(json("unet/config.json", { norm_num_groups: 5 }), {
      code: "model.config",
      message: /channels must split evenly into groups, got 16 channels and 5 groups/,
    }));
});

describe("a checkpoint with a wrong header is refused before anything trusts it", () => {
  it.each([
    ["a length beyond the file", lengthOf(5000n), /must hold its whole header of 5000 bytes/],
    ["an absurd length", lengthOf(2n ** 63n), /must have a header of 1 to 100000000 bytes/],
    ["no length at all", new Uint8Array(3), /must be at least 8 bytes long/],
  ])("%s", (_, content, message) =>
    check(replace(checkpoints.unet, content), { code: "weights.header", message }),
  );

  it("cut inside the header", () =>
    check((folder) => truncateSync(join(folder, checkpoints.unet), 1000), {
      code: "weights.header",
      message: /must hold its whole header/,
    }));

  it("half downloaded", () =>
    check((folder) => truncateSync(join(folder, checkpoints.unet), 400_000), {
      code: "weights.header",
      message: /must be \d+ bytes long by its header, got 400000; .*download it again/,
    }));

  const offsets: readonly [string, (entry: [number, number]) => [number, number]][] = [
    ["overlapping", ([from, to]) => [from - 16, to - 16]],
    ["out of range", ([from, to]) => [from + 1e9, to + 1e9]],
    ["backward", ([from, to]) => [to, from]],
  ];
  it.each(offsets)("%s offsets", (_, move) =>
    check(
      checkpoint("unet", (file) => {
        const entry = entryOf(file, "conv_out.weight");
        entry.data_offsets = move(entry.data_offsets);
      }),
      {
        code: "weights.header",
        message: /must (begin at byte|be \d+ bytes long|take \d+ bytes|have two whole)/,
      },
    ),
  );
});

describe("tensors that do not fit are named with what was needed", () => {
  it("another type", () =>
    check(
      checkpoint("unet", (file) => {
        const entry = entryOf(file, "conv_norm_out.weight");
        Object.assign(entry, { dtype: "I32" });
      }),
      {
        code: "weights.tensor",
        message: /conv_norm_out\.weight must be F32, F16 or BF16, got I32/,
      },
    ));

  it("another shape", () =>
    check(
      checkpoint("unet", (file) => {
        entryOf(file, convIn).shape.reverse();
      }),
      {
        code: "weights.tensor",
        message: /conv_in\.weight must have shape \[16, 4, 3, 3\], got \[3, 3, 4, 16\]/,
      },
    ));

  it("an absent one", () =>
    check(
      checkpoint("vae", ({ header }) => {
        header["renamed"] = entryOf({ header, data: Buffer.alloc(0) }, "decoder.conv_in.weight");
        delete header["decoder.conv_in.weight"];
      }),
      { code: "weights.tensor", message: /decoder\.conv_in\.weight must be there/ },
    ));

  it("a config of a larger model", () =>
    check(json("unet/config.json", { block_out_channels: [320, 640] }), {
      code: "weights.tensor",
      message: /must have shape/,
    }));
});

describe("pickles are refused unopened", () => {
  it("in place of safetensors", () =>
    check(
      (folder) =>
        renameSync(
          join(folder, checkpoints.unet),
          join(folder, "unet/diffusion_pytorch_model.bin"),
        ),
      { code: "weights.pickle", message: /must be a \.safetensors file, got a pickle/ },
    ));

  it("under the name of safetensors", () =>
    check(replace(checkpoints.unet, Buffer.from("80028a0a6cfc9c46f9206aa85019", "hex")), {
      code: "weights.pickle",
      message: /got a pickle/,
    }));
});

describe("weights that paint nothing are reported, and no picture is left", () => {
  const fill =
    (value: number) =>
    ({ data }: Checkpoint): void => {
      for (let at = 0; at + 4 <= data.length; at += 4) data.writeFloatLE(value, at);
    };
  const nanIn =
    (name: string) =>
    (file: Checkpoint): void => {
      file.data.writeFloatLE(Number.NaN, entryOf(file, name).data_offsets[0]);
    };

  it.each([
    ["the UNet", "unet", nanIn("conv_out.weight"), /NaN or infinity after step 1 of stage 1/],
    ["the decoder", "vae", nanIn("decoder.conv_out.bias"), /NaN or infinity/],
    ["the text encoder", "text", nanIn("final_layer_norm.weight"), /NaN or infinity/],
  ] as const)("NaN in %s", (_, part, change, message) =>
    check(checkpoint(part, change), { code: "picture.broken", message }),
  );

  it("a VAE of zeros", () =>
    check(checkpoint("vae", fill(0)), { code: "picture.broken", message: /one flat colour/ }));

  it("a VAE whose pictures are one colour that is not grey", () =>
    check(
      checkpoint("vae", (file) => {
        fill(0)(file);
        file.data.writeFloatLE(0.5, entryOf(file, "decoder.conv_out.bias").data_offsets[0]);
      }),
      { code: "picture.broken", message: /one flat colour/ },
    ));
});

describe("a model that is not there", () => {
  const at = async (model: string, expected: Expected, args: readonly string[] = []) => {
    const cwd = join(workplace, "names");
    write(join(cwd, "some.ckpt"), "pickle");
    write(join(cwd, "some.safetensors"), "weights");
    write(join(cwd, "some.txt"), "words");
    write(join(cwd, "empty/readme.txt"), "");
    write(join(cwd, "tiny.frecas"), tinyRecipe("", model));
    expectFailure(await frecas(["run", "tiny.frecas", ...args], { cwd }), expected);
  };
  it.each([
    ["nowhere", "model.missing", /got "nowhere"; use vista, a folder/],
    ["owner/name", "model.missing", /got "owner\/name"/],
    ["empty", "recipe.invalid", /must begin with \.\/ .* got "empty"; write \.\/empty$/],
    ["some.ckpt", "weights.pickle", /some\.ckpt: must be a \.safetensors file/],
    ["some.safetensors", "weights.header", /some\.safetensors: must be at least 8 bytes long/],
    ["some.txt", "recipe.invalid", /must begin with \.\/ where it lies beside the recipe/],
    [
      "./some.txt",
      "model.unsupported",
      /or a single \.safetensors file, got a file of another kind/,
    ],
    ["./empty", "model.unsupported", /got a folder without model_index\.json/],
  ])("%s", (model, code, message) => at(model, { code, message }));

  it("is told with its name as it is, whatever steers a terminal", async () => {
    const cwd = join(workplace, "escape");
    write(join(cwd, "tiny.frecas"), tinyRecipe("", '"a\\e[2Jb"'));
    const { err } = await frecas(["run", "tiny.frecas"], { cwd });
    expect(err).toContain("a\\x1b[2Jb");
    expect(err).not.toContain("\u001b");
  });
});

it("the golden model itself paints, so that every failure above is of the damage", async () => {
  const cwd = join(workplace, "whole");
  copyModel(join(cwd, "model"));
  write(join(cwd, "tiny.frecas"), tinyRecipe("output: out/{image}.png", "./model"));
  const { code, out } = await frecas(["run", "tiny.frecas"], { cwd });
  expect({ code, out }).toEqual({ code: 0, out: `${join(cwd, "out/00.png")}\n` });
  expect(readFileSync(join(cwd, "out/00.png")).length).toBeGreaterThan(1000);
});
