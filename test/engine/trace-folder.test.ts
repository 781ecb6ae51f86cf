// What is kept of a golden run's stages: the pictures and the maps that the run itself goes on from.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Size } from "../../daemon/base/size.ts";
import { openTraceFolder } from "../../daemon/engine/trace-folder.ts";
import { decodePng } from "../../daemon/image/read-png.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { KeptStage } from "../../daemon/protocol/kept-stage.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";
import type { StepRecord } from "../../daemon/sampler/sample.ts";
import { decodeAttention, type KeptAttention } from "../../daemon/trace/attention-file.ts";
import { cpu } from "../support/paint-golden.ts";
import { planOfGolden, readText } from "../support/published-run.ts";

const parent = mkdtempSync(join(tmpdir(), "frecas-trace-"));
afterAll(() => rmSync(parent, { recursive: true }));

/** What the golden run tells, with maps resized as pictures are, and the records of its stages' ends. */
async function paint(name: string, folder: string) {
  const golden = planOfGolden(name, join(parent, "out"));
  const stages = golden.stages.map((stage) => ({
    ...stage,
    attentionReuse: stage.attentionReuse && { ...stage.attentionReuse, resize: "picture" as const },
  }));
  const plan = { ...golden, stages };
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const events: RunEvent[] = [];
  const ends: StepRecord[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  await runPlan(plan, {
    device: cpu,
    models,
    onEvent,
    onStep: (record) => record.picture !== null && ends.push(record),
    isCancelled: () => false,
    ...(await openTraceFolder(folder, undefined, onEvent)),
  });
  await models.close();
  const kept = events.filter((event) => event.kind === "stage-kept");
  return { plan, events, kept, ends };
}

const readMaps = ({ maps }: KeptStage): KeptAttention => {
  const kept = decodeAttention(readFileSync(maps ?? ""));
  if (kept === undefined) throw new Error("must be a file of maps");
  return kept;
};

describe("a run of the built-in model", () => {
  const folder = join(parent, "vista");
  let run: Awaited<ReturnType<typeof paint>>;
  beforeAll(async () => {
    run = await paint("vista", folder);
  }, 60_000);

  it("keeps each stage that hands its picture on, in files of this user alone", () => {
    expect(run.kept).toEqual(
      [0, 1].map((stage) => ({
        kind: "stage-kept",
        prompt: 0,
        stage,
        pictures: [join(folder, `0-${stage}-0.png`)],
        maps: join(folder, `0-${stage}.safetensors`),
      })),
    );
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("keeps the very picture that is enlarged", () => {
    for (const [at, { pictures, stage }] of run.kept.entries()) {
      const picture = decodePng(readFileSync(pictures[0] ?? ""), "kept");
      expect({ width: picture.width, height: picture.height }).toEqual(
        run.plan.stages[stage]?.size,
      );
      const decoded = run.ends[at]?.picture?.data ?? new Float32Array();
      const plane = picture.width * picture.height;
      for (let value = 0; value < picture.rgb.length; value += 97) {
        const expected = (decoded[(value % 3) * plane + Math.floor(value / 3)] as number) / 2 + 0.5;
        expect(Math.abs((picture.rgb[value] as number) - expected * 255)).toBeLessThanOrEqual(
          0.501,
        );
      }
    }
  });

  it("keeps the maps that the next stage reuses, of the side with the prompt", () => {
    for (const [at, kept] of run.kept.entries()) {
      const { words, maps, grid, prompt } = readMaps(kept);
      const used = run.ends[at]?.maps;
      expect(prompt).toBe(run.plan.prompts[0]?.text);
      expect(grid).toEqual(used?.grid);
      const [batch = 0, cells = 0, tokens = 0] = used?.map.shape ?? [];
      for (const [index, word] of words.entries())
        for (let cell = 0; cell < cells; cell += 1) {
          const row = ((batch - 1) * cells + cell) * tokens;
          const sum = word.tokens.reduce(
            (all, token) => all + (used?.map.data[row + token] as number),
            0,
          );
          expect(maps.data[index * cells + cell]).toBeCloseTo(sum, 2);
        }
    }
  });

  it("has the map of the balloon on the balloon", () => {
    const [, kept] = run.kept;
    if (kept === undefined) throw new Error("must keep two stages");
    const { words, maps, grid, prompt } = readMaps(kept);
    const word = words.findIndex(({ start, end }) => prompt.slice(start, end) === "balloon");
    const cells = grid.width * grid.height;
    const map = maps.data.subarray(word * cells, (word + 1) * cells);
    const redness = rednessOf(kept.pictures[0] ?? "", grid);
    const order = [...map.keys()].sort((a, b) => (map[b] as number) - (map[a] as number));
    const mean = (list: readonly number[]): number =>
      list.reduce((sum, cell) => sum + redness(cell), 0) / list.length;
    expect(mean(order.slice(0, cells / 64))).toBeGreaterThan(mean(order) + 20);
  });
});

/** By how much red stands out in the middle of each cell of a picture. */
function rednessOf(path: string, grid: Size): (cell: number) => number {
  const { width, rgb } = decodePng(readFileSync(path), path);
  const px = width / grid.width;
  const middle = (cells: number): number => Math.floor((cells + 0.5) * px);
  return (cell) => {
    const [column, row] = [cell % grid.width, Math.floor(cell / grid.width)];
    const at = (middle(row) * width + middle(column)) * 3;
    const [red = 0, green = 0, blue = 0] = rgb.subarray(at, at + 3);
    return red - Math.max(green, blue);
  };
}

describe("a golden run of two images", () => {
  it("keeps a picture of each", async () => {
    const { kept, plan } = await paint("sd15", join(parent, "sd15"));
    expect(kept.map(({ pictures }) => pictures.length)).toEqual(
      plan.stages.slice(1).map(() => plan.images),
    );
  });
});

describe("a golden run with joint attention", () => {
  it("keeps the maps of the text's tokens", async () => {
    const { kept, ends } = await paint("sd35-corrected", join(parent, "sd35"));
    expect(kept.length).toBeGreaterThan(0);
    for (const [at, one] of kept.entries()) {
      const { words, grid, maps } = readMaps(one);
      const [, , tokens = 0] = ends[at]?.maps?.map.shape ?? [];
      expect(grid).toEqual(ends[at]?.maps?.grid);
      expect(words.flatMap((word) => word.tokens).every((token) => token < tokens)).toBe(true);
      expect(maps.data.some((value) => value > 0)).toBe(true);
    }
  });
});

describe("a folder that cannot be written", () => {
  it("costs what would be kept and nothing else", async () => {
    const blocked = join(parent, "blocked");
    writeFileSync(blocked, "a file where a folder must be");
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const { kept, events } = await paint("sd15", blocked);
    expect(said.mock.calls.flat().join()).toMatch(/^engine: keeps nothing of a stage/);
    said.mockRestore();
    expect(kept).toEqual([]);
    expect(events.filter(({ kind }) => kind === "picture")).not.toEqual([]);
  });
});

describe("a run that goes on", () => {
  const folder = mkdtempSync(join(parent, "before-"));
  for (const name of ["0-0-0.png", "0-0-1.png", "0-0.safetensors", "0-1-0.png", "1-0-0.png", "x"])
    writeFileSync(join(folder, name), "");
  const path = (name: string): string => join(folder, name);
  const first = {
    kind: "stage-kept",
    prompt: 0,
    stage: 0,
    pictures: [path("0-0-0.png"), path("0-0-1.png")],
    maps: path("0-0.safetensors"),
  };
  const second = { ...first, stage: 1, pictures: [path("0-1-0.png")], maps: null };

  const at = (stage: number) => ({ position: { stage } }) as never;
  it.each([
    ["in its second stage", { prompt: 0, inside: at(1) }, [first]],
    ["in its third stage", { prompt: 0, inside: at(2) }, [first, second]],
    ["before its second prompt", { prompt: 1, inside: null }, [first, second]],
    ["from its beginning", undefined, []],
  ])("%s tells what it had kept before", async (_, from, expected) => {
    const told: RunEvent[] = [];
    await openTraceFolder(folder, from, (event) => void told.push(event));
    expect(told).toEqual(expected);
  });
});
