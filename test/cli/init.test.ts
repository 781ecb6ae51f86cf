// Enlarging an existing picture from the command line: what comes out, and every picture that cannot be used.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePng, readPngTexts } from "../../daemon/image/read-png.ts";
import { expectFailure, frecas, goldenModel, openWorkplace, write } from "./frecas.ts";

const cwd = openWorkplace();
const jpegs = JSON.parse(
  readFileSync(join(import.meta.dirname, "../image/fixtures/jpegs.json"), "utf8"),
);
write(join(cwd, "lake.jpg"), Buffer.from(jpegs.baseline.base64, "base64"));

/** The stages have the aspect of lake.jpg, 48 by 32. */
const enlarging = (init: string, more = ""): string => `
model: ${goldenModel}
prompt: [a lake, a forest]
images: 2
stages: [{ size: 96x64, steps: 2, until: 200 }, { size: 144x96, steps: 2 }]
init: ${init}
${more}`;

const picturesOf = (name: string): readonly Buffer[] =>
  ["00000.00", "00000.01", "00001.00", "00001.01"].map((picture) =>
    readFileSync(join(cwd, `results/${name}/${picture}.png`)),
  );

it("enlarges a JPEG once for every prompt and image, the same way each time", async () => {
  write(join(cwd, "jpeg.frecas"), enlarging("{ image: lake.jpg }"));
  const first = await frecas(["run", "jpeg.frecas"], { cwd });
  expect(first).toMatchObject({ code: 0 });
  expect(first.err).toContain("stage 1/2 96×64, step 1/1\n");
  const painted = picturesOf("jpeg");
  const pixels = painted.map((file) => {
    const { width, height, rgb } = decodePng(file, "x.png");
    expect([width, height]).toEqual([144, 96]);
    return Buffer.from(rgb).toString("base64");
  });
  expect(new Set(pixels).size).toBe(4);
  expect(await frecas(["run", "jpeg.frecas"], { cwd })).toMatchObject({ code: 0 });
  expect(picturesOf("jpeg")).toEqual(painted);
}, 60_000);

it("enlarges a picture that it painted, which then tells where it came from and paints itself again", async () => {
  const small = `name: small\nmodel: ${goldenModel}\nprompt: a lake\nstages: [{ size: 64, steps: 2 }]\n`;
  const large = `name: large\nextends: small\nstages: [{ size: 64, steps: 1, until: 200 }, { size: 128, steps: 2 }]\ninit: { image: results/small/00000.00.png, from: 2 }\n`;
  write(join(cwd, "both.frecas"), `${small}---\n${large}`);
  const message =
    /^init: image must be there before the run, got .*small\/00000\.00\.png, which small paints in the same run; run small first, then large$/;
  expectFailure(await frecas(["run", "both.frecas"], { cwd }), { code: "recipe.invalid", message });
  for (const name of ["small", "large"])
    expect(await frecas(["run", `both.frecas#${name}`], { cwd })).toMatchObject({ code: 0 });
  const file = readFileSync(join(cwd, "results/large/00000.00.png"));
  const texts = readPngTexts(file, "x.png");
  expect(texts.get("parameters")).toMatch(
    /Steps: 2, .*FreCaS init: 00000\.00\.png 64x64 [\da-f]{16}$/,
  );
  write(join(cwd, "again.frecas"), texts.get("frecas") ?? "");
  expect(await frecas(["check", "again.frecas"], { cwd })).toMatchObject({ code: 0, out: "" });
  const again = await frecas(["run", "again.frecas", "--set", "name=again"], { cwd });
  expect(again).toMatchObject({ code: 0 });
  const repainted = readFileSync(join(cwd, "results/again/00000.00.png"));
  expect(decodePng(repainted, "x.png")).toEqual(decodePng(file, "y.png"));
}, 60_000);

describe("a picture that cannot be enlarged is told in one sentence", () => {
  mkdirSync(join(cwd, "folder.png"));
  write(join(cwd, "page.png"), "<!DOCTYPE html><html>404</html>");
  write(join(cwd, "cut.jpg"), readFileSync(join(cwd, "lake.jpg")).subarray(0, -40));
  it.each([
    ["gone.png", /gone\.png: must be a file that can be read, got none under this path/],
    ["folder.png", /folder\.png: must be a file that can be read, got a folder/],
    ["page.png", /page\.png: must be a PNG or JPEG file, got a web page/],
    ["cut.jpg", /cut\.jpg: must be a whole JPEG file, got one that is cut off/],
    ["/dev/zero", /\/dev\/zero: must be a file that can be read, got a device/],
  ])("%s", async (image, message) => {
    write(join(cwd, "bad.frecas"), enlarging(`{ image: ${image} }`));
    for (const command of ["plan", "run"]) {
      const ended = await frecas([command, "bad.frecas"], { cwd });
      expectFailure(ended, { code: "picture.input", message });
    }
  });

  it("of another aspect", async () => {
    write(
      join(cwd, "wide.frecas"),
      `model: ${goldenModel}\nprompt: a\nsize: 256\ninit: { image: lake.jpg }\n`,
    );
    const ended = await frecas(["run", "wide.frecas"], { cwd });
    const message =
      /^init: image must have the aspect of stage 1, .*, got 48×32; write size: 256x168/;
    expectFailure(ended, { code: "recipe.invalid", message });
  });
});
