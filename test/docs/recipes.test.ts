// docs/recipes.md says what the table of keys says; `npx vitest run test/docs -u` writes it anew.
import { expect, test } from "vitest";
import { KEYS, type Key } from "../../daemon/recipe/keys.ts";
import { planOf, sd21, sdxl, vista } from "../plan/plan-inputs.ts";

const intro = `# Recipe keys

A \`.frecas\` file is YAML 1.2, one recipe a document, \`---\` between. Paths are relative to the recipe's file. Where the
default is "the preset", it depends on the model and the size; \`frecas plan\` shows what it came to.
`;

test("the page of recipe keys is the table of keys", async () => {
  const page = [intro, ...Object.entries(KEYS).map(([name, key]) => section(name, key))].join("\n");
  await expect(page).toMatchFileSnapshot("../../docs/recipes.md");
});

test("the defaults of guidance and of the negative text are those of the plans", () => {
  const guidance = KEYS.guidance.default;
  expect(guidance).toBe(
    "the preset of model and method: 7.5 for Stable Diffusion, 3 for vista; 5 for SDXL under scalecrafter, and under demofusion's preset defaults",
  );
  for (const model of [sd21, sdxl]) expect(planOf({}, model).guidance).toBe(7.5);
  expect(planOf({}, vista).guidance).toBe(3);
  const demofusion = { method: "demofusion", size: { width: 2048, height: 2048 } } as const;
  expect(planOf(demofusion, sdxl).guidance).toBe(7.5);
  expect(planOf({ ...demofusion, demofusion: { preset: "defaults" } }, sdxl).guidance).toBe(5);
  expect(planOf({ method: "scalecrafter" }, sdxl).guidance).toBe(5);
  for (const model of [vista, sd21])
    expect(planOf({ method: "scalecrafter" }, model).negative).toBe("");
  expect(planOf({ method: "scalecrafter" }, sdxl).negative).toBe(null);
  expect(planOf(demofusion, sdxl).negative).toBe(planOf({}, sdxl).negative);
});

test("who reads of another method is led to its paper", () => {
  for (const paper of ["2311.16973", "2310.07702"])
    expect(KEYS.method.does).toContain(`(https://arxiv.org/abs/${paper})`);
});

function section(name: string, key: Key): string {
  const facts = [
    ["written", `\`${key.syntax}\``],
    ["rule", key.rule],
    ["default", key.default],
    ["example", `\`${name}: ${key.example}\``],
    ["published flag", key.flag === null ? null : `\`${key.flag}\``],
    ["part of the method", key.method],
  ].filter(([, fact]) => fact !== null);
  const fields = Object.entries(key.fields).map(
    ([field, explained]) => `- \`${field}\`: ${explained.does} It ${explained.rule}.`,
  );
  return [
    `## ${name}`,
    "",
    key.does,
    "",
    ...facts.map(([what, fact]) => `- ${what}: ${fact}`),
    ...fields,
    "",
  ].join("\n");
}
