// LoRAs as people use them: recipes that name files, plan, run, sweep, --set, info, and files that do not fit.
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loraFixture } from "../support/lora-fixtures.ts";
import { readTensors } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";
import { type Ended, expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";

const cwd = openWorkplace();
const here = (...args: readonly string[]): Promise<Ended> => frecas(args, { cwd });

const run = async (name: string, recipe: string, ...args: readonly string[]): Promise<Ended> => {
  write(join(cwd, `${name}.frecas`), tinyRecipe(`${recipe}\noutput: out/{name}.png\n`));
  const ended = await here("run", `${name}.frecas`, ...args);
  expect(ended).toMatchObject({ code: 0, signal: null });
  return ended;
};

const picture = (name: string): Buffer => readFileSync(join(cwd, `out/${name}.png`));

/** The pixels' part of a PNG; before it are the texts, which differ where recipes do. */
const pixels = (name: string): string => {
  const bytes = picture(name);
  return bytes.subarray(bytes.indexOf("IDAT")).toString("base64");
};

beforeAll(() => {
  copyFileSync(loraFixture("sd15-diffusers.safetensors"), join(cwd, "one.safetensors"));
  copyFileSync(loraFixture("sd15-kohya.safetensors"), join(cwd, "other.safetensors"));
  copyFileSync(loraFixture("sdxl-kohya.safetensors"), join(cwd, "sdxl.safetensors"));
  // A LoRA that changes texts too has them encoded anew, for which all is closed where memory is short.
  const ofUnet = [...readTensors(join(cwd, "one.safetensors"))].filter(([key]) =>
    key.startsWith("unet."),
  );
  writeTensors(join(cwd, "unet.safetensors"), new Map(ofUnet), "F32");
  write(join(cwd, "pickle.pt"), "");
});

describe("a run", () => {
  it("at weight 0 gives the very picture that there is without the LoRA, before and after others", async () => {
    await run("plain", "");
    await run(
      "swept",
      "sweep: { lora: [[], [{ file: one.safetensors, weight: 0 }], [{ file: one.safetensors, weight: 0.5 }], [{ file: one.safetensors, weight: 0 }]] }",
    );
    const [none, zero, half, again] = [1, 2, 3, 4].map((index) => pixels(`swept-${index}`));
    expect(none).toBe(pixels("plain"));
    expect(zero).toBe(none);
    expect(again).toBe(none);
    expect(half).not.toBe(none);
  });

  it("with two LoRAs writes them into the picture, whose own recipe paints it again", async () => {
    await run("two", "lora: [{ file: one.safetensors, weight: 0.4 }, other.safetensors]");
    const { out } = await here("info", "out/two.png");
    expect(out).toContain(`  - { file: "${join(cwd, "one.safetensors")}", weight: 0.4 }\n`);
    expect(out).toContain(`  - { file: "${join(cwd, "other.safetensors")}", weight: 1 }\n`);
    const { out: both } = await here("info", "out/two.png", "--json");
    expect(JSON.parse(both).parameters).toContain(
      'FreCaS LoRA: "one.safetensors 0.4, other.safetensors 1"',
    );
    write(join(cwd, "again/again.frecas"), `${out}output: ../out/again.png\n`);
    expect(await here("run", "again/again.frecas")).toMatchObject({ code: 0 });
    expect(pixels("again")).toBe(pixels("two"));
    await run("one", "lora: [{ file: one.safetensors, weight: 0.4 }]");
    expect(pixels("one")).not.toBe(pixels("two"));
  });

  it("takes LoRAs from --set, whose paths start at the recipe's folder", async () => {
    await run("set", "", "--set", "lora=[{ file: ./one.safetensors, weight: 0.4 }]");
    await run("written", "lora: [{ file: one.safetensors, weight: 0.4 }]");
    expect(pixels("set")).toBe(pixels("written"));
  });

  it("opens the denoiser once for all weights of a sweep", async () => {
    const { out } = await run(
      "weights",
      "sweep: { lora: [[{ file: unet.safetensors }], [{ file: unet.safetensors, weight: -1 }], [{ file: unet.safetensors, weight: 0.1 }]] }",
      "--json",
    );
    expect(out.match(/"kind":"opening","part":"denoiser"/g)).toHaveLength(1);
    expect(new Set([1, 2, 3].map((index) => pixels(`weights-${index}`))).size).toBe(3);
  });
});

it("a plan says which LoRAs act, and what they cost", async () => {
  write(join(cwd, "plain.frecas"), tinyRecipe());
  write(
    join(cwd, "plan.frecas"),
    tinyRecipe("lora: [{ file: one.safetensors, weight: 0.8 }, other.safetensors]\n"),
  );
  const { code, out } = await here("plan", "plan.frecas");
  expect(code).toBe(0);
  expect(out).toMatch(/^lora +one\.safetensors × 0\.8\nlora +other\.safetensors × 1$/m);
  const [plain, changed] = await Promise.all(
    ["plain", "plan"].map(async (name) =>
      JSON.parse((await here("plan", `${name}.frecas`, "--json")).out),
    ),
  );
  expect(changed.loras[0]).toMatchObject({ file: join(cwd, "one.safetensors"), weight: 0.8 });
  expect(changed.cost.total).toBeGreaterThan(plain.cost.total);
});

describe("a LoRA that is given as a model is told where a recipe names it", () => {
  it.each(["one.safetensors", "other.safetensors"])("%s", async (file) => {
    write(join(cwd, "model.frecas"), tinyRecipe("", `./${file}`));
    expectFailure(await here("plan", "model.frecas", "--json"), {
      code: "model.unsupported",
      message: /got a LoRA, which a recipe names under lora;/,
    });
  });
});

describe("a LoRA that cannot be used stops plan and run before anything opens", () => {
  it.each([
    [
      "sdxl.safetensors",
      "weights.lora",
      /tensor lora_\S+ must .* \(\d+ of the file's 87 tensors fit/,
    ],
    ["gone.safetensors", "weights.lora", /gone\.safetensors: must be a \.safetensors file that is/],
    ["pickle.pt", "weights.pickle", /pickle\.pt: must be a \.safetensors file, got a pickle/],
  ])("%s", async (file, code, message) => {
    write(join(cwd, "bad.frecas"), tinyRecipe(`lora: [{ file: ${file}, weight: 0 }]\n`));
    for (const command of ["plan", "run"])
      expectFailure(await here(command, "bad.frecas", "--json"), { code, message });
  });
});
