// The pages' links to files of the project lead somewhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const inDocs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "CONTRIBUTING.md", ...inDocs.map((name) => join("docs", name))];

it.each(pages)("the links of %s lead to files", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  const files = targets.filter((target) => !/^\w+:/.test(target));
  expect(files.filter((file) => !existsSync(join(root, dirname(page), file)))).toEqual([]);
});
