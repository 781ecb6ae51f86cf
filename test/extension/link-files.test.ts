// Which words of a recipe are links to files.
import { expect, it } from "vitest";
import { linkFiles } from "../../extension/server/link-files.ts";
import { recipeOf } from "./recipe-text.ts";

const there: Readonly<Record<string, "file" | "folder">> = {
  "/recipes/prompts.txt": "file",
  "/recipes/lake.png": "file",
  "/loras/ink.safetensors": "file",
  "/recipes/wash.safetensors": "file",
  "/recipes/sd": "folder",
  "/recipes/sd/model_index.json": "file",
  "/recipes/empty": "folder",
};

function check(text: string, expected: readonly string[]): void {
  const links = linkFiles(recipeOf(text), (path) => there[path] ?? "nothing");
  expect(links.map(({ target }) => target?.replace("file://", ""))).toEqual(expected);
}

it("files that are there are linked", () => {
  check("prompts: prompts.txt\n", ["/recipes/prompts.txt"]);
  check("init: { image: ./lake.png }\n", ["/recipes/lake.png"]);
  check("lora: [wash.safetensors, { file: /loras/ink.safetensors, weight: 1 }]\n", [
    "/recipes/wash.safetensors",
    "/loras/ink.safetensors",
  ]);
  check("compare:\n  - prompts: prompts.txt\n", ["/recipes/prompts.txt"]);
});

it("a model's folder is opened by its index", () =>
  check("model: ./sd\n", ["/recipes/sd/model_index.json"]));

it("files that are absent, folders and other texts are not linked", () => {
  check("prompts: absent.txt\nmodel: ./empty\n", []);
  check("prompt: prompts.txt\nname: lake.png\n", []);
  check("prompts:\ninit: { image: [lake.png] }\n", []);
});
