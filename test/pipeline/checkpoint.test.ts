// A run that was stopped after any of its steps goes on, in another process as it were, and ends with the same files.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../daemon/pipeline/checkpoint.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Device } from "../../daemon/runtime/choose-device.ts";
import { exact } from "../support/answer-parts.ts";
import { planOfDemofusion } from "../support/demofusion-run.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { scalecrafterPlan } from "../support/scalecrafter-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const cpu: Device = { provider: "cpu", threads: 1, target: exact };

/** The golden run with `prompts` prompts, its pictures under `name`. */
function planOf(golden: string, prompts: number, name = golden): Plan {
  const plan = planOfGolden(golden, join(folder, name));
  const [first] = plan.prompts;
  if (first === undefined) throw new Error("a golden run must have a prompt");
  return {
    ...plan,
    prompts: Array.from({ length: prompts }, (_, index) => ({
      ...first,
      index,
      seed: first.seed + index,
      outputs: first.outputs.map((path) => path.replace(/(\d+)(?=\.\d+\.png$)/, `${index}`)),
    })),
  };
}

interface Left {
  readonly bytes: Uint8Array;
  readonly at: "step" | "stage";
}

/** Paints from `from` on; all checkpoints on the way, and the paths that it told. */
async function paint(plan: Plan, from?: Checkpoint) {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const left: Left[] = [];
  const told: string[] = [];
  const toldAgain: string[] = [];
  let steps = 0;
  await runPlan(plan, {
    device: cpu,
    models,
    from,
    keep: async (checkpoint, at) => {
      left.push({ bytes: encodeCheckpoint(checkpoint(), plan), at });
    },
    onEvent: (event) => {
      if (event.kind === "step") steps += 1;
      if (event.kind === "picture") told.push(event.path);
      if (event.kind === "picture" && event.again) toldAgain.push(event.path);
    },
    isCancelled: () => false,
  });
  await models.close();
  return { left, told, toldAgain, steps };
}

const outputsOf = (plan: Plan): readonly string[] => plan.prompts.flatMap(({ outputs }) => outputs);
const pictures = (plan: Plan): readonly string[] =>
  outputsOf(plan).map((path) => readFileSync(path, "base64"));

async function check(plan: Plan, expected: { readonly stages: number }): Promise<void> {
  const whole = await paint(plan);
  const undisturbed = pictures(plan);
  expect(whole.left.filter(({ at }) => at === "stage")).toHaveLength(expected.stages);
  // Each stage's end, and one step of three in between.
  const chosen = [...whole.left.keys()].filter(
    (index) => whole.left[index]?.at === "stage" || index % 3 === 1,
  );
  for (const index of chosen) {
    const before = whole.left.slice(0, index + 1);
    const from = decodeCheckpoint(before[index]?.bytes ?? new Uint8Array(), plan);
    expect(from).toBeDefined();
    // Only files of finished prompts are there when a process dies.
    for (const { index: prompt, outputs } of plan.prompts)
      if (prompt >= (from?.prompt ?? 0)) for (const path of outputs) rmSync(path);
    const rest = await paint(plan, from);
    expect(pictures(plan)).toEqual(undisturbed);
    expect(rest.told).toEqual(outputsOf(plan));
    const earlier = plan.prompts.slice(0, from?.prompt);
    expect(rest.toldAgain).toEqual(earlier.flatMap(({ outputs }) => outputs));
    const finished = before.filter((each) => isBetweenPrompts(each, plan));
    expect(rest.steps).toBe(whole.steps - (before.length - finished.length));
  }
}

const isBetweenPrompts = ({ bytes }: Left, plan: Plan): boolean =>
  decodeCheckpoint(bytes, plan)?.inside === null;

it("two prompts of two images, with maps", () => check(planOf("sd15", 2), { stages: 6 }));

it("three stages of SDXL", () => check(planOf("sdxl3", 1), { stages: 4 }));

it("Stable Diffusion 3", () => check(planOf("sd3", 1), { stages: 3 }));

it("three phases of DemoFusion, whose windows are drawn by a second generator", () =>
  check(planOfDemofusion("3x", join(folder, "3x")), { stages: 4 }));

it("ScaleCrafter with fresh noise, falling factors and a second network", () =>
  check(scalecrafterPlan("sdxl-4x", join(folder, "scalecrafter")), { stages: 2 }));

const some: Checkpoint = { prompt: 1, inside: null };
const plan = planOf("sd15", 2);

it("a checkpoint of another plan is none", () => {
  const bytes = encodeCheckpoint(some, plan);
  expect(decodeCheckpoint(bytes, plan)).toEqual(some);
  expect(decodeCheckpoint(bytes, { ...plan, guidance: 3 })).toBeUndefined();
});

it("a checkpoint with any byte changed, or cut anywhere, is none", () => {
  const bytes = encodeCheckpoint(some, plan);
  for (let at = 0; at < bytes.length; at += 1) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    expect([undefined, some], `byte ${at}`).toContainEqual(decodeCheckpoint(damaged, plan));
    expect(decodeCheckpoint(bytes.slice(0, at), plan)).toBeUndefined();
  }
});
