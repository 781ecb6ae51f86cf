// What docs/measures.md says below its contact sheet is what the sample is planned as today: a picture that was painted by
// older code would be noticed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Compared } from "../../daemon/compare/comparison.ts";
import { factsOf } from "../../daemon/compare/facts.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { machineOf } from "../../daemon/planner/machine.ts";
import { planMethods } from "../../daemon/planner/plan-text.ts";
import { compared, comparison } from "../compare/some-comparison.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

function comparedOf(label: string, { cost, prompts }: Plan): Compared {
  const networkFlops = cost.denoiserByStage.reduce((sum, flops) => sum + flops, 0) * prompts.length;
  return compared(label, { networkCalls: cost.networkCalls * prompts.length, networkFlops });
}

it("work and calls below the contact sheet are those of samples/compare.frecas", async () => {
  const machine = machineOf(root, { env: {}, cwd: root, platform: process.platform });
  const file = join(root, "samples/compare.frecas");
  const recipe = { text: read("samples/compare.frecas"), file, name: "methods", changes: {} };
  const { planned } = await planMethods(recipe, machine);
  const all = planned.map(({ label, plan }) => comparedOf(label, plan));
  const facts = factsOf(comparison(all));
  const row = (title: string): string => {
    const values = facts.find((fact) => fact.title === title)?.values ?? [];
    return `| ${[title, ...values.map(({ text }) => text)].join(" | ")} |`;
  };
  const labels = all.map(({ label }) => label);
  const table = [
    `| as planned | ${labels.join(" | ")} |`,
    `|---|${labels.map(() => "---:|").join("")}`,
    ...["work", "TFLOP", "network calls"].map(row),
  ];
  expect(read("docs/measures.md")).toContain(`\n${table.join("\n")}\n`);
});
