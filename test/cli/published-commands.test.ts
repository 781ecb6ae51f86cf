// The authors' own commands (test.sh and readme.md of the published code): every line runs as it is written.
// Only the pictures are smaller and the steps fewer, because the models are tiny.
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectFailure, frecas, goldenModel, openWorkplace, write } from "./frecas.ts";

const cwd = openWorkplace();

beforeAll(() => {
  write(join(cwd, "prompts.lst"), "a lake\n");
  const models = { sd21: "2-1-base", sdxl: "xl-base-1.0", sd3: "3-medium-diffusers" };
  for (const [tiny, name] of Object.entries(models)) {
    const folder = join(cwd, `cache/huggingface/hub/models--stabilityai--stable-diffusion-${name}`);
    write(join(folder, "refs/main"), "abc");
    mkdirSync(join(folder, "snapshots"));
    symlinkSync(join(goldenModel, "..", tiny), join(folder, "snapshots/abc"));
  }
});

/** 512 → 64, so that the first stage is of the tiny models' own size; 40 → 2. */
function shrink(words: readonly string[]): readonly string[] {
  const steps = words.indexOf("--msp_steps");
  return words.map((word, index) => {
    if (word.startsWith("[[")) return word.replace(/\d+/g, (px) => String(Number(px) / 8));
    return index > steps && index < steps + 4 && /^\d+$/.test(word) ? "2" : word;
  });
}

describe("the published command", () => {
  it.each([
    "--gs 7.5 --prompts prompts.lst --tsize [[512,512],[1024,1024]] --msp_endtimes 100 0 --msp_steps 40 10 --msp_gamma 3.0 --name sd21 --images-per-prompt 1 --facfg_weight 45.0 7.5 --camap_weight 0.6 --output results_sd21_1024",
    "--gs 7.5 --prompts prompts.lst --tsize [[512,512],[1024,1024],[2048,2048]] --msp_endtimes 200 200 0 --msp_steps 30 10 10 --msp_gamma 3.0 --name sd21 --images-per-prompt 1 --facfg_weight 35.0 7.5 --camap_weight 0.4 --output results_sd21_2048",
    "--gs 7.5 --prompts prompts.lst --tsize [[1024,1024],[2048,2048]] --msp_endtimes 200 0 --msp_steps 40 10 --msp_gamma 1.5 --name sdxl --images-per-prompt 1 --facfg_weight 35.0 7.5 --camap_weight 0.6 --output results_sdxl_2048",
    "--gs 7.5 --prompts prompts.lst --tsize [[1024,1024],[2048,2048],[4096,4096]] --msp_endtimes 400 200 0 --msp_steps 30 5 15 --msp_gamma 2.0 --name sdxl --images-per-prompt 1 --facfg_weight 35.0 7.5 --camap_weight 0.6 --output results_sdxl_4096 --vae_tiling",
    "--gs 7.5 --prompts prompts.lst --tsize [[1024,1024],[2048,2048]] --msp_endtimes 50 0 --msp_steps 20 8 --name sdxl --images-per-prompt 1 --facfg_weight 35.0 7.5 --camap_weight 0.5 --output results_sd3_2048",
    // As their readme names the model of the line before.
    "--gs 7.5 --prompts prompts.lst --tsize [[1024,1024],[2048,2048]] --msp_endtimes 50 0 --msp_steps 20 8 --name sd3 --images-per-prompt 1 --facfg_weight 35.0 7.5 --camap_weight 0.5 --output results_sd3",
    "--gs 7.5 --prompts prompts.lst --tsize [[1024,1024],[2048,2048]] --msp_endtimes 200 0 --msp_steps 40 10 --msp_gamma 1.5 --name sdxl --images-per-prompt 1 --facfg_weight 25.0 7.5 --camap_weight 0.8 --output results",
  ])("%s", async (line) => {
    const { code, err } = await frecas(["generate", ...shrink(line.split(" "))], { cwd });
    expect({ code, err }).toMatchObject({ code: 0 });
    const folder = line.match(/--output (\S+)/)?.[1] ?? "";
    expect(readdirSync(join(cwd, folder)).sort()).toEqual(["00000.00.png", "mapping.lst"]);
  });
});

const small = ["--name", goldenModel, "--prompts", "a lake", "--msp_st", "2", "1"];

describe("sizes are what Python takes for lists of pairs", () => {
  it.each([
    "[(64,64),(72,72)]",
    "((64, 64), (72, 72))",
    "[ [64, 64,], [72, 72], ]",
    "([64,64],(72,72,),)",
  ])("%s", async (sizes) => {
    const args = ["generate", ...small, `--tsize=${sizes}`, `--out=${sizes}`];
    expect(await frecas(args, { cwd })).toMatchObject({ code: 0 });
  });

  it.each(["[(64,64],(72,72)]", "[64,64]", "[[64,64],,[72,72]]", "[]", "()", "range(2)"])(
    "but not %s",
    async (sizes) => {
      const ended = await frecas(["generate", ...small, "--tsize", sizes], { cwd });
      expectFailure(ended, { code: "recipe.invalid", message: /--tsize: must be/ });
    },
  );
});

it("a flag cut so short that it may mean several is refused with their names", async () => {
  const ended = await frecas(["generate", "--msp", "2"], { cwd });
  expectFailure(ended, {
    code: "command.invalid",
    message: /got --msp, which may mean --msp_endtimes or --msp_steps or --msp_gamma; correct it/,
  });
});
