// docs/recipes.md says what the table of keys says; `npx vitest run test/docs -u` writes it anew.
import { expect, test } from "vitest";
import { KEYS, type Key } from "../../daemon/recipe/keys.ts";

const intro = `# Recipe keys

A \`.frecas\` file is YAML 1.2, one recipe a document, \`---\` between. Paths are relative to the recipe's file. Where the
default is "the preset", it depends on the model and the size; \`frecas plan\` shows what it came to.
`;

test("the page of recipe keys is the table of keys", async () => {
  const page = [intro, ...Object.entries(KEYS).map(([name, key]) => section(name, key))].join("\n");
  await expect(page).toMatchFileSnapshot("../../docs/recipes.md");
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
