// The denoiser closed while the VAE works: the same pictures, and the networks are open when the plan says so.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { runPlan } from "../../daemon/pipeline/run-plan.ts";
import type { Plan, PlannedStage } from "../../daemon/plan/plan.ts";
import { exact } from "../support/answer-parts.ts";
import { planOfGolden, readText } from "../support/published-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-closed-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Alone = Pick<PlannedStage, "encodesAlone" | "decodesAlone">;

/** The pictures' bytes, and the parts of the model in the order in which they opened, text aside. */
async function paint(plan: Plan, alone: readonly Alone[]) {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const opened: string[] = [];
  const stages = plan.stages.map((stage, index) => ({ ...stage, ...alone[index] }));
  await runPlan(
    { ...plan, stages },
    {
      models,
      device: { provider: "cpu", threads: 2, target: exact },
      onEvent: (event) => {
        if (event.kind === "opened" && event.part !== "text") opened.push(event.part);
      },
      isCancelled: () => false,
    },
  );
  await models.close();
  const outputs = plan.prompts.flatMap((prompt) => prompt.outputs);
  return { pictures: outputs.map((path) => readFileSync(path, "hex")), opened };
}

const open: Alone = { encodesAlone: false, decodesAlone: false };
const closed: Alone = { encodesAlone: true, decodesAlone: true };

async function check(
  run: string,
  alone: readonly Alone[],
  expected: readonly string[],
): Promise<void> {
  const plan = planOfGolden(run, mkdtempSync(join(folder, "out-")));
  expect(plan.stages.map(({ decodesAlone }) => decodesAlone)).not.toContain(true);
  const { pictures } = await paint(plan, []);
  const other = await paint(plan, alone);
  expect(other.opened).toEqual(expected);
  expect(other.pictures).toEqual(pictures);
}

const change = ["vae-decode", "vae-encode"];

it.each(["sd15", "sdxl", "sd3"])("%s: closed in every stage, it opens in each", (run) =>
  check(run, [closed, closed], ["denoiser", ...change, "denoiser", "vae-decode"]),
);

it("closed for the last picture alone, it opens once", () =>
  check("sdxl", [open, { ...open, decodesAlone: true }], ["denoiser", ...change, "vae-decode"]));

it("closed for what is encoded into a stage, it opens again for that stage", () =>
  check(
    "sd15",
    [open, { ...open, encodesAlone: true }],
    ["denoiser", ...change, "denoiser", "vae-decode"],
  ));
