// Previews of a run: of what, how often, and that a map that nobody knew is fitted at the first stage's end.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { latentMaps } from "../../daemon/engine/latent-maps.ts";
import { decodePng } from "../../daemon/image/read-png.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { previewMaker } from "../../daemon/pipeline/preview-maker.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Preview } from "../../daemon/protocol/preview.ts";
import { exact } from "../support/answer-parts.ts";
import { planOfGolden, readText } from "../support/published-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-preview-"));
afterAll(() => rmSync(folder, { recursive: true }));

const shipped = join(import.meta.dirname, "../../media/latent-maps.json");

/** Previews of a golden run whose steps take `stepMs` each, by a clock that stands still in between. */
async function previewsOf(name: string, builtIn: string, own: string | null, stepMs = 1000) {
  const whole = planOfGolden(name, join(folder, name));
  // Two stages show all that three do.
  const plan = { ...whole, stages: whole.stages.slice(0, 2) };
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const previews: Preview[] = [];
  let now = 0;
  const show = previewMaker({
    maps: latentMaps(builtIn, own),
    nowMs: () => now,
    onPreview: (preview) => previews.push(preview),
  });
  await runPlan(plan, {
    device: { provider: "cpu", threads: 2, target: exact },
    models,
    onEvent: () => {},
    onStep: async (record, of) => {
      now += stepMs;
      await show(record, of);
    },
    isCancelled: () => false,
  });
  await models.close();
  return { plan, previews };
}

const none = join(folder, "none.json");

describe("a model that nobody has painted with", () => {
  it("shows nothing before its first stage's end, and every step after it", async () => {
    const own = join(folder, "own.json");
    const { plan, previews } = await previewsOf("sd15", none, own);
    const first = plan.stages[0]?.steps.length ?? 0;
    const last = plan.stages[1]?.steps.length ?? 0;
    expect(previews.map(({ stage, step }) => `${stage}.${step}`)).toEqual([
      `0.${first - 1}`,
      ...Array.from({ length: last }, (_, step) => `1.${step}`),
    ]);
    expect(Object.keys(JSON.parse(readFileSync(own, "utf8")))).toEqual(["4 0.18215 0"]);
    const again = await previewsOf("sd15", none, own);
    expect(again.previews).toHaveLength(first + last);
  });

  it("is shown as well where nothing can be kept", async () => {
    writeFileSync(join(folder, "damaged.json"), "{");
    const { previews } = await previewsOf("sd15", join(folder, "damaged.json"), null);
    expect(previews.length).toBeGreaterThan(1);
  });
});

it("steps that come faster than anybody sees are not all shown", async () => {
  const { plan, previews } = await previewsOf("sd15", none, join(folder, "own.json"), 60);
  expect(previews.length).toBeLessThan(plan.stages.flatMap(({ steps }) => steps).length / 2);
});

it("previews of the built-in model come near the picture, with the map that comes with the program", async () => {
  const { plan, previews } = await previewsOf("vista", shipped, null);
  const last = previews.at(-1);
  const shown = decodePng(Buffer.from(last?.png ?? "", "base64"), "preview");
  const painted = decodePng(readFileSync(plan.prompts[0]?.outputs[0] ?? ""), "picture");
  const px = painted.width / shown.width;
  let sum = 0;
  for (let y = 0; y < shown.height; y += 1)
    for (let x = 0; x < shown.width; x += 1)
      for (let colour = 0; colour < 3; colour += 1)
        sum += Math.abs(
          (shown.rgb[(y * shown.width + x) * 3 + colour] ?? 0) -
            meanOf(painted, { x: x * px, y: y * px, px }, colour),
        );
  expect(sum / shown.rgb.length).toBeLessThan(12);
});

function meanOf(
  { width, rgb }: { readonly width: number; readonly rgb: Uint8Array },
  block: { readonly x: number; readonly y: number; readonly px: number },
  colour: number,
): number {
  let sum = 0;
  for (let y = block.y; y < block.y + block.px; y += 1)
    for (let x = block.x; x < block.x + block.px; x += 1)
      sum += rgb[(y * width + x) * 3 + colour] ?? 0;
  return sum / block.px ** 2;
}
