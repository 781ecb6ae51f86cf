// A recipe of a text that is being written, alone or by every method: what is wrong with other recipes of the text keeps
// nobody from painting it.
import { join } from "node:path";
import { expect, it } from "vitest";
import { machineOf } from "../../daemon/planner/machine.ts";
import { planMethods, planText } from "../../daemon/planner/plan-text.ts";

const root = join(import.meta.dirname, "../..");
const machine = machineOf(root, { env: {}, cwd: root, platform: process.platform });
const text =
  "name: dawn\nprompt: a lake\n---\nname: wide\nprompt: a lake\nsede: 1\n---\nprompt: a\n";

async function check(name: string | null, expected: RegExp): Promise<void> {
  const said = planText({ text, file: "/r/a.frecas", name, changes: {} }, machine).then(
    ({ plans }) => plans.map((plan) => plan.name).join(),
    (error: Error) => error.message,
  );
  expect(await said).toMatch(expected);
}

it("a recipe is planned though another one of its text is wrong", async () => {
  await check("dawn", /^dawn$/);
  await check("a", /^a$/);
});

it("a recipe that is wrong, or a text with one, is refused with the line", async () => {
  for (const name of ["wide", null]) await check(name, /^\/r\/a.frecas:6: sede: must be/);
});

it("a name that no recipe has is refused", async () => {
  await check("down", /^\/r\/a.frecas:6: /);
});

it("what a recipe extends is read as it is sent, or from the disk", async () => {
  const sent = {
    text: "extends: base.frecas#x\n",
    file: "/r/a.frecas",
    name: null,
    changes: {},
    unsaved: { "/r/base.frecas": "name: x\nprompt: a lake\nsize: 256\n" },
  };
  const [plan] = (await planText(sent, machine)).plans;
  expect(plan?.stages.at(-1)?.size.width).toBe(256);
  const { unsaved: _, ...alone } = sent;
  await expect(planText(alone, machine)).rejects.toThrow("base.frecas");
});

const stages = "stages: [{ size: 128, steps: 3, until: 300 }, { size: 256, steps: 1 }]";

const methodsOf = (text: string, name: string | null = null) =>
  planMethods({ text, file: "/r/a.frecas", name, changes: {} }, machine);

it("every method that fits is planned on one seed, to one size, for pictures beside each other", async () => {
  const { planned, leftOut, warnings } = await methodsOf(
    `name: dawn\nprompt: a lake\nseed: random\ngamma: 1\n${stages}\n`,
  );
  expect(planned.map(({ label }) => label)).toEqual(["frecas", "scalecrafter", "direct"]);
  const plans = planned.map(({ plan }) => plan);
  expect(plans.map(({ method }) => method)).toEqual(["frecas", "scalecrafter", "direct"]);
  expect(plans.map(({ name }) => name)).toEqual(["dawn", "dawn", "dawn"]);
  expect(plans.flatMap(({ prompts }) => prompts.flatMap(({ outputs }) => outputs))).toEqual(
    ["frecas", "scalecrafter", "direct"].map((method) => `/r/results/dawn-compare/${method}.png`),
  );
  expect(new Set(plans.map(({ prompts }) => prompts[0]?.seed)).size).toBe(1);
  expect(plans.map((plan) => plan.stages.at(-1)?.size.width)).toEqual([256, 256, 256]);
  expect(leftOut).toEqual([
    { label: "demofusion", why: expect.stringMatching(/Stable Diffusion XL only/) },
  ]);
  expect(warnings).toEqual([
    expect.stringMatching(/^dawn: stages: says the size alone for method/),
  ]);
});

it("what every method is warned of is said once", async () => {
  const { warnings } = await methodsOf("name: dawn\nprompt: a lake\nprecision: fp16\n");
  expect(warnings).toEqual([expect.stringMatching(/^dawn: precision: fp16 needs a GPU/)]);
});

it("plans are for the memory that the machine has for a run, and methods that need more are left out", async () => {
  const sent = {
    text: `prompt: a lake\n${stages}\n`,
    file: "/r/a.frecas",
    name: null,
    changes: {},
  };
  const on = (availableBytes: number) => ({ ...machine, availableBytes: () => availableBytes });
  const advice = async (availableBytes: number) =>
    (await planText(sent, on(availableBytes))).plans[0]?.memory.advice;
  expect(await advice(2 ** 40)).toBeNull();
  expect(await advice(2 ** 20)).toMatch(/^close other programs/);
  const leftOut = async (availableBytes: number) =>
    (await planMethods(sent, on(availableBytes))).leftOut.map(({ label }) => label);
  expect(await leftOut(2 ** 40)).toEqual(["demofusion"]);
  const refused = planMethods(sent, on(2 ** 20));
  await expect(refused).rejects.toThrow(/^memory: the run needs about .* got 0\.0 GB available/);
});

it("methods are compared of one recipe, not of several", async () => {
  const two = "name: a\nprompt: a\n---\nname: b\nprompt: b\n";
  await expect(methodsOf(two)).rejects.toThrow("must be one to compare methods, got 2; name one");
  expect((await methodsOf(two, "b")).planned.map(({ plan }) => plan.name)).toEqual(["b", "b", "b"]);
});
