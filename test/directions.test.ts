// Who may import whom: the table of .dependency-cruiser.cjs holds for the code, and would catch a wrong arrow.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise, type IConfiguration, type ICruiseResult } from "dependency-cruiser";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const { forbidden, options }: IConfiguration = createRequire(import.meta.url)(
  "../.dependency-cruiser.cjs",
);

async function violations(baseDir: string, folders: string[]): Promise<ICruiseResult["summary"]> {
  const rules = { ...options, baseDir, validate: true, ruleSet: { forbidden: forbidden ?? [] } };
  const { output } = await cruise(folders, rules);
  return (output as ICruiseResult).summary;
}

/** Cruises a small tree in which `from` imports `to`; the names of the rules it breaks. */
async function check(
  from: string,
  to: string,
  what: "a value" | "a type" = "a value",
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "frecas-directions-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const path = `${"../".repeat(from.split("/").length - 1)}${to}`;
  write(to, "export const value = 1;\nexport type Type = 1;\n");
  write(
    from,
    what === "a value"
      ? `import { value } from "${path}";\nvoid value;\n`
      : `import type { Type } from "${path}";\nexport type Own = Type;\n`,
  );
  const summary = await violations(
    folder,
    ["daemon", "extension"].filter((name) => [from, to].some((path) => path.startsWith(name))),
  );
  rmSync(folder, { recursive: true });
  return summary.violations.map(({ rule }) => rule.name);
}

test("every import in the project goes the way the table allows", async () => {
  const summary = await violations(root, ["daemon", "extension", "bench", "test"]);
  expect(summary.violations.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  expect(summary.totalCruised).toBeGreaterThan(150);
});

test("the sampler may not import a model", async () => {
  expect(await check("daemon/sampler/x.ts", "daemon/models/y.ts")).toContainEqual(
    expect.stringContaining("daemon/sampler imports only"),
  );
});

test.each([
  ["sampler", "plan"],
  ["protocol", "plan"],
  ["protocol", "recipe"],
  ["pipeline", "plan"],
  ["pipeline", "protocol"],
  ["pipeline", "graph"],
  ["models", "weights"],
])("%s may import types of %s, and no value", async (from, to) => {
  const files = [`daemon/${from}/x.ts`, `daemon/${to}/y.ts`] as const;
  expect(await check(...files, "a value")).toEqual([
    expect.stringContaining(`daemon/${from} imports only types of`),
  ]);
  expect(await check(...files, "a type")).toEqual([]);
});

test("only the queue writes the journal", async () => {
  expect(await check("daemon/rpc/x.ts", "daemon/queue/journal.ts")).toEqual([
    "only the queue writes the journal",
  ]);
  expect(await check("daemon/queue/x.ts", "daemon/queue/journal.ts")).toEqual([]);
});

test("the daemon may not import the extension", async () => {
  expect(await check("daemon/plan/x.ts", "extension/y.ts")).not.toEqual([]);
});

test("the language server may not import the editor's side", async () => {
  expect(await check("extension/server/x.ts", "extension/language.ts")).not.toEqual([]);
  expect(await check("extension/server/x.ts", "node_modules/@types/vscode/index.ts")).toEqual([
    "the language server and the daemon's client know no editor",
  ]);
});

test("a folder without a row in the table is refused", async () => {
  expect(await check("daemon/helpers/x.ts", "daemon/base/y.ts")).toContain(
    "every source folder has a layer",
  );
});

test("an allowed arrow is allowed", async () => {
  expect(await check("daemon/plan/x.ts", "daemon/base/y.ts")).toEqual([]);
});
