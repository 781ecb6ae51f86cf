// A recipe of a text that is being written: what is wrong with other recipes of the text keeps nobody from painting it.
import { join } from "node:path";
import { expect, it } from "vitest";
import { machineOf } from "../../daemon/planner/machine.ts";
import { planText } from "../../daemon/planner/plan-text.ts";

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
