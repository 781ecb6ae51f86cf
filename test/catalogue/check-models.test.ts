// What is proposed in the place of a model that is not on this machine.
import { expect, it } from "vitest";
import { noSuchModel } from "../../daemon/base/failure.ts";
import { checkModels } from "../../daemon/catalogue/check-models.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";

/** The text once the only fix is taken, where `nearest` is the name of a model that there is. */
async function mend(text: string, nearest: string): Promise<string> {
  const { recipes } = parseRecipes(text, "/r.frecas", () => undefined);
  const problems = await checkModels(recipes, "/", {
    lookUp: async ({ written }) => ({
      kind: "absent",
      failure: noSuchModel(written, nearest, []),
      nearest,
    }),
    find: () => Promise.reject(new Error("nothing is found here")),
  });
  expect(problems.map(({ code }) => code)).toEqual(["model-not-here"]);
  return problems.reduce((mended, { range, fix = "" }) => {
    return mended.slice(0, range.start.offset) + fix + mended.slice(range.end.offset);
  }, text);
}

it("a name that comes close is written as YAML reads it back", async () => {
  expect(await mend("prompt: a\nmodel: vsita\n", "vista")).toBe("prompt: a\nmodel: vista\n");
  expect(
    await mend("prompt: a\nmodel: '[anime] light.safetensors'\n", "[anime] lights.safetensors"),
  ).toBe('prompt: a\nmodel: "[anime] lights.safetensors"\n');
  expect(await mend("prompt: a\nmodel: '12'\n", "1234")).toBe('prompt: a\nmodel: "1234"\n');
});
