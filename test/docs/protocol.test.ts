// docs/protocol.md says what the daemon checks by. Where it does not any more: `npm run docs:protocol`, and commit it.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { failureCodes } from "../../daemon/base/failure.ts";
import {
  errorDataSchema,
  type MethodName,
  methods,
  notifications,
} from "../../daemon/protocol/methods.ts";
import { exampleSession } from "./example-session.ts";
import { protocolPage } from "./protocol-page.ts";

const page = protocolPage();

describe("the page of the protocol", () => {
  it("is checked in as it is printed; `npm run docs:protocol` writes it anew", async () => {
    await expect(page).toMatchFileSnapshot("../../docs/protocol.md");
  });

  it.each([...Object.keys(methods), ...Object.keys(notifications)])("has a section on %s", (name) =>
    expect(page).toContain(`\n### ${name}\n`),
  );

  it.each(failureCodes)("says what %s means", (code) =>
    expect(page).toContain(`\n| \`${code}\` | `),
  );

  it("has the types that the daemon and its clients are compiled with", { timeout: 60_000 }, () => {
    const types = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text);
    expect(complaints([...types, ...sameTypes()].join("\n"))).toEqual([]);
  });
});

/** One assignment a type, which compiles where the page's type and that of the schema are each other's. */
function sameTypes(): readonly string[] {
  const methodTypes = Object.keys(methods).flatMap((name) =>
    (["Params", "Result"] as const).map((which) => [`${name}${which}`, `${which}<"${name}">`]),
  );
  const notified = Object.keys(notifications).map((name) => [
    `${name}Params`,
    `z.infer<(typeof notifications)["${name}"]["params"]>`,
  ]);
  return [
    `import type { z } from "zod";`,
    `import type { notifications, Params, Result } from "../../daemon/protocol/methods.ts";`,
    "type Same<A, B> = [A, B] extends [B, A] ? true : false;",
    ...[...methodTypes, ...notified].map(([name = "", type]) => {
      const printed = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
      return `export const ${name}: Same<${printed}, ${type}> = true;`;
    }),
  ];
}

/** What TypeScript has against a file with this text in this folder. */
function complaints(text: string): readonly string[] {
  const path = fileURLToPath(new URL("page-types.ts", import.meta.url));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Node20,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => file === path || fileExists(file);
  host.readFile = (file) => (file === path ? text : readFile(file));
  const program = ts.createProgram([path], options, host);
  const file = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ messageText, start = 0 }) => {
      const line = text.slice(text.lastIndexOf("\n", start) + 1).split("\n", 1);
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    },
  );
}

describe("the page's example", () => {
  const methodOf = (id: unknown): MethodName =>
    exampleSession.find(({ message }) => message["id"] === id)?.message["method"] as MethodName;

  const schemaOf = ({ from, message }: (typeof exampleSession)[number]): z.ZodType => {
    if (from === "client") return methods[message["method"] as MethodName].params;
    if ("error" in message) return errorDataSchema;
    if ("result" in message) return methods[methodOf(message["id"])].result;
    return notifications[message["method"] as keyof typeof notifications].params;
  };

  it.each(exampleSession)("has messages as the schemas want them, %#", (line) => {
    const { params, result, error } = line.message;
    const content = params ?? result ?? (error as { readonly data: unknown }).data;
    expect(schemaOf(line).safeParse(content).error).toBeUndefined();
  });
});
