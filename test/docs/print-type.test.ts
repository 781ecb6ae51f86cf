// Schemas become types that read well: on one line where they fit, with a comment where a type has no words.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { printDeclaration, type Schema } from "./print-type.ts";

const print = (schema: z.ZodType): string =>
  printDeclaration("It", z.toJSONSchema(schema) as Schema);

function check(schema: z.ZodType, ...lines: readonly string[]): void {
  expect(print(schema).split("\n")).toEqual(lines);
}

const named = z.object({ a: z.string() }).meta({ id: "Named" });
const long = "abcdefghijklmnopqrstuvwxyz";

describe("an object is printed", () => {
  it("on one line", () =>
    check(
      z.object({ a: z.string(), b: z.boolean().optional(), c: z.unknown() }),
      "type It = { a: string; b?: boolean; c: unknown };",
    ));
  it("without fields", () => check(z.strictObject({}), "type It = Record<string, never>;"));
  it("with fields of any name", () =>
    check(
      z.object({ a: z.record(z.string(), z.boolean()), b: z.looseObject({}) }),
      "type It = { a: Record<string, boolean>; b: Record<string, unknown> };",
    ));
  it("on several lines where one is too short", () =>
    check(
      z.object({ [long]: z.literal(long), [`${long}2`]: z.array(z.literal(long)) }),
      "type It = {",
      `  ${long}: "${long}";`,
      `  ${long}2: Array<"${long}">;`,
      "};",
    ));
  it("with what is said of it and of a field", () =>
    check(
      z.object({ a: z.number().nullable().describe("In metres.") }).describe("A place."),
      "// A place.",
      "type It = {",
      "  // In metres.",
      "  a: number | null;",
      "};",
    ));
  it("with a long comment on several lines", () =>
    check(
      z.null().describe(`${"word ".repeat(25)}end.`),
      `//${" word".repeat(19)}`,
      `//${" word".repeat(6)} end.`,
      "type It = null;",
    ));
});

describe("alternatives are printed", () => {
  it("with what is said of one of them", () =>
    check(
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a") }),
        z.object({ kind: z.literal("b"), c: z.string().describe("Text.") }).describe("Better."),
      ]),
      "type It =",
      `  | { kind: "a" }`,
      "  // Better.",
      "  | {",
      `      kind: "b";`,
      "      // Text.",
      "      c: string;",
      "    };",
    ));
  it("as many words to a line as fit", () =>
    check(
      z.enum([1, 2, 3, 4].map((number) => `${long}${number}`)),
      "type It =",
      `  | "${long}1" | "${long}2" | "${long}3"`,
      `  | "${long}4";`,
    ));
  it("by their names where they have some", () =>
    check(
      z.object({ one: named, many: z.array(named), none: named.nullable() }),
      "type It = { one: Named; many: Named[]; none: Named | null };",
    ));
});

describe("a comment says what a type cannot", () => {
  it("of texts and lists", () =>
    check(
      z.object({
        a: z.string().min(8).max(100).nullable(),
        b: z.array(z.string()).min(1),
        c: z.base64(),
      }),
      "type It = {",
      "  // 8 to 100 characters.",
      "  a: string | null;",
      "  // At least 1 of them.",
      "  b: string[];",
      "  // Its form is base64.",
      "  c: string;",
      "};",
    ));
  it("of numbers", () =>
    check(
      z.object({
        a: z.int().nonnegative(),
        b: z.int().positive().nullable(),
        c: z.int(),
        d: z.int().max(9),
        e: z.number().gt(0).lte(1),
      }),
      "type It = {",
      "  a: Count;",
      "  b: Positive | null;",
      "  // It is whole.",
      "  c: number;",
      "  // It is whole, at most 9.",
      "  d: number;",
      "  // It is more than 0, at most 1.",
      "  e: number;",
      "};",
    ));
});

describe("what no type here can say is refused, with where to teach it:", () => {
  it.each([
    ["a pair", z.tuple([z.string(), z.number()])],
    ["two forms at once", z.intersection(named, z.object({ b: z.string() }))],
    ["other fields besides", z.looseObject({ a: z.string() })],
  ])("%s", (_, schema) =>
    expect(() => print(schema)).toThrow(/every form of schema, got \{.*; teach it to test/),
  );
});
