// A JSON schema, in the form that zod gives it, → the text of a TypeScript type. What a type cannot say is a comment.
import type { z } from "zod";

export type Schema = z.core.JSONSchema.BaseSchema;

/** Columns of the page. */
const width = 100;

/** `type Name = …;` under its comment. Throws where the schema has what no type here can say. */
export function printDeclaration(name: string, schema: Schema): string {
  const start = `type ${name} =`;
  const type = printType(schema, start.length + " ;".length);
  return [...commentOn(schema, ""), `${start}${gapBefore(type)}${type};`].join("\n");
}

/** `taken` is how many columns of the first line something else needs. */
function printType(schema: Schema, taken: number, indent = ""): string {
  const flat = flatType(schema);
  const fits = indent.length + taken + (flat?.length ?? 0) <= width;
  if (flat !== undefined && fits) return flat;
  if (schema.enum !== undefined) return printWords(schema.enum, indent);
  const members = membersOf(schema);
  if (members !== undefined) return printUnion(members, indent);
  if (schema.properties !== undefined) return printObject(schema, indent);
  const { items } = schema;
  if (isSchema(items)) return `Array<${printType(items, taken + "Array<>".length, indent)}>`;
  // A long literal or record stays on its line.
  return flat ?? refuse(schema);
}

function printUnion(members: readonly Schema[], indent: string): string {
  const inner = `${indent}  `;
  const lines = members.flatMap((member) => [
    ...comment(member.description ?? "", inner),
    `${inner}| ${printType(member, "| ;".length, `${inner}  `)}`,
  ]);
  return `\n${lines.join("\n")}`;
}

/** As many alternatives to a line as fit. */
function printWords(values: readonly unknown[], indent: string): string {
  const words = values.map((value) => `| ${JSON.stringify(value)}`);
  const lines = fill(words, width - indent.length - "  ;".length);
  return lines.map((line) => `\n${indent}  ${line}`).join("");
}

function printObject(schema: Schema, indent: string): string {
  const inner = `${indent}  `;
  const lines = propertiesOf(schema).flatMap(([key, property]) => {
    const type = printType(property, key.length + ": ;".length, inner);
    return [...commentOn(property, inner), `${inner}${key}:${gapBefore(type)}${type};`];
  });
  return ["{", ...lines, `${indent}}`].join("\n");
}

/** A union of several lines begins on the next one. */
const gapBefore = (type: string): string => (type.startsWith("\n") ? "" : " ");

/** The type on one line; undefined where something inside it has a comment. */
function flatType(schema: Schema): string | undefined {
  if (schema.$ref !== undefined) return schema.$ref.replace("#/$defs/", "");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const members = membersOf(schema);
  if (members !== undefined) return flatUnion(members);
  if (schema.properties !== undefined) return flatObject(schema);
  if (isSchema(schema.items)) return flatArray(schema.items);
  return flatPlain(schema);
}

function flatUnion(members: readonly Schema[]): string | undefined {
  const types = members.map((member) =>
    member.description === undefined ? flatType(member) : undefined,
  );
  return types.includes(undefined) ? undefined : types.join(" | ");
}

function flatObject(schema: Schema): string | undefined {
  const properties = propertiesOf(schema).map(([key, property]) => {
    const type = commentOn(property, "").length > 0 ? undefined : flatType(property);
    return type === undefined ? undefined : `${key}: ${type}`;
  });
  if (isSchema(schema.additionalProperties))
    return properties.length === 0 ? flatRecord(schema.additionalProperties) : refuse(schema);
  if (properties.length === 0) return "Record<string, never>";
  return properties.includes(undefined) ? undefined : `{ ${properties.join("; ")} }`;
}

function flatArray(items: Schema): string | undefined {
  const type = commentOn(items, "").length > 0 ? undefined : flatType(items);
  if (type === undefined) return undefined;
  return /^\w+$/.test(type) ? `${type}[]` : `Array<${type}>`;
}

function flatPlain(schema: Schema): string {
  const { type, additionalProperties } = schema;
  if (type === "object" && isSchema(additionalProperties)) return flatRecord(additionalProperties);
  if (type === "integer") return wholeNumber(schema);
  if (type === "string" || type === "number" || type === "boolean" || type === "null") return type;
  const isAnything = Object.keys(schema).every((key) => key === "description");
  return isAnything ? "unknown" : refuse(schema);
}

function flatRecord(values: Schema): string {
  return `Record<string, ${flatType(values) ?? refuse(values)}>`;
}

/** The page's own names for the two usual ranges. */
function wholeNumber({ minimum, exclusiveMinimum, maximum }: Schema): string {
  if (!isEnd(maximum)) return "number";
  if (minimum === 0) return "Count";
  return exclusiveMinimum === 0 ? "Positive" : "number";
}

/** zod writes where JavaScript's whole numbers end, which is no rule of the protocol's. */
function isEnd(bound: unknown): boolean {
  return typeof bound !== "number" || Math.abs(bound) === Number.MAX_SAFE_INTEGER;
}

function membersOf(schema: Schema): readonly Schema[] | undefined {
  if (Array.isArray(schema.type)) {
    const { type, description: _, ...rest } = schema;
    return type.map((each) => (each === "null" ? { type: "null" } : { ...rest, type: each }));
  }
  return schema.oneOf ?? schema.anyOf;
}

function propertiesOf({ properties = {}, required = [] }: Schema): readonly [string, Schema][] {
  return Object.entries(properties).map(([key, property]) => [
    required.includes(key) ? key : `${key}?`,
    isSchema(property) ? property : refuse({ properties }),
  ]);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the schema's author says of it, then what a type cannot: lengths, bounds, forms. */
function commentOn(schema: Schema, indent: string): readonly string[] {
  return comment([schema.description ?? "", ...rulesOf(schema)].join(" "), indent);
}

function comment(text: string, indent: string): readonly string[] {
  const words = text.split(/\s+/).filter(Boolean);
  return fill(words, width - indent.length - "// ".length).map((line) => `${indent}// ${line}`);
}

/** Sentences. An alternative's are its own where it has fields, else the whole union's. */
function rulesOf(schema: Schema): readonly string[] {
  const alternatives = schema.anyOf?.filter((member) => member.properties === undefined) ?? [];
  const { minLength, maxLength, minItems, maxItems } = schema;
  const form = schema.contentEncoding ?? schema.format;
  return [
    ...range(minLength, maxLength, "characters"),
    ...range(minItems, maxItems, "of them"),
    ...(form === undefined ? [] : [`Its form is ${form}.`]),
    ...numberRule(schema),
    ...alternatives.flatMap(rulesOf),
  ];
}

function numberRule(schema: Schema): readonly string[] {
  const { type, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const isWhole = Array.isArray(type) ? type.includes("integer") : type === "integer";
  if (isWhole && wholeNumber(schema) !== "number") return [];
  const bounds = [
    ...(isWhole ? ["whole"] : []),
    ...(isEnd(minimum) ? [] : [`at least ${minimum}`]),
    ...(isEnd(exclusiveMinimum) ? [] : [`more than ${exclusiveMinimum}`]),
    ...(isEnd(maximum) ? [] : [`at most ${maximum}`]),
    ...(isEnd(exclusiveMaximum) ? [] : [`less than ${exclusiveMaximum}`]),
  ];
  return bounds.length === 0 ? [] : [`It is ${bounds.join(", ")}.`];
}

function range(
  least: number | undefined,
  most: number | undefined,
  what: string,
): readonly string[] {
  if (least === undefined && most === undefined) return [];
  if (least === undefined) return [`At most ${most} ${what}.`];
  return [most === undefined ? `At least ${least} ${what}.` : `${least} to ${most} ${what}.`];
}

function fill(words: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function refuse(schema: Schema): never {
  throw new Error(
    `the page's printer: must know every form of schema, got ${JSON.stringify(schema)}; teach it to test/docs/print-type.ts`,
  );
}
