// A recipe under every method: which are planned, on which seed, and where their pictures go.
import { expect, it } from "vitest";
import { daemonUnreachable, invalidRecipe } from "../../../daemon/base/failure.ts";
import type { Plan } from "../../../daemon/plan/plan.ts";
import { comparesMethods, planMethods } from "../../../extension/runs/plan-methods.ts";
import { somePlan } from "./some-runs.ts";

const planOf = (method: string, seed: number): Plan =>
  ({ method, prompts: [{ seed, outputs: ["/r/a.b/dawn.png"] }] }) as unknown as Plan;

async function ask(refused: readonly string[]) {
  const asked: Readonly<Record<string, string>>[] = [];
  const planned = await planMethods(async (changes) => {
    asked.push(changes);
    const { method = "", seed = "41" } = changes;
    if (refused.includes(method)) throw invalidRecipe(`method: ${method} does not fit`);
    return [planOf(method, Number(seed))];
  });
  return { ...planned, asked };
}

it("every method is planned on the seed of the first, without what the recipe compares", async () => {
  const { plans, asked, leftOut } = await ask([]);
  expect(asked).toEqual([
    { compare: "[]", method: "frecas" },
    { compare: "[]", method: "direct", seed: "41" },
    { compare: "[]", method: "scalecrafter", seed: "41" },
    { compare: "[]", method: "demofusion", seed: "41" },
  ]);
  expect(leftOut).toEqual([]);
  expect(plans.map(({ prompts }) => prompts[0]?.outputs)).toEqual([
    ["/r/a.b/dawn.frecas.seed-41.png"],
    ["/r/a.b/dawn.direct.seed-41.png"],
    ["/r/a.b/dawn.scalecrafter.seed-41.png"],
    ["/r/a.b/dawn.demofusion.seed-41.png"],
  ]);
});

it("a method that does not fit is left out with a sentence", async () => {
  const { plans, leftOut } = await ask(["demofusion"]);
  expect(plans.map(({ method }) => method)).toEqual(["frecas", "direct", "scalecrafter"]);
  expect(leftOut).toEqual(["method: demofusion does not fit"]);
});

it("a recipe that fits no method, and a daemon that does not answer, are refused", async () => {
  const all = ["frecas", "direct", "scalecrafter", "demofusion"];
  await expect(ask(all)).rejects.toThrow("method: frecas does not fit");
  const lost = planMethods(() => Promise.reject(daemonUnreachable("gone")));
  await expect(lost).rejects.toMatchObject({ code: "daemon.unreachable" });
});

it("one recipe without a comparison compares its methods; a sweep, a comparison, and what cannot be planned do not", () => {
  const document = { name: "dawn", line: 0 };
  const refused = { kind: "refused" as const, name: "dawn", line: 0, endLine: 1, why: "" };
  const isMethods = (...recipes: Parameters<typeof comparesMethods>[0]["recipes"]) =>
    comparesMethods({ ...document, recipes });
  expect(isMethods(somePlan("dawn"))).toBe(true);
  expect(isMethods(somePlan("dawn-1"), somePlan("dawn-2"))).toBe(false);
  expect(isMethods(somePlan("dawn", { compares: ["dawn-compare-1"] }))).toBe(false);
  expect(isMethods(refused)).toBe(false);
});
