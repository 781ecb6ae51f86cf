// The table of keys tells the truth: its examples and words are values that the parser takes.
import { expect, it } from "vitest";
import { type Explained, isKeyName, KEYS, type Key } from "../../daemon/recipe/keys.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";

/** A document that uses the value must be free of problems, in the company it needs. */
function check(key: string, value: string): void {
  const prompt = ["prompt", "prompts", "extends"].includes(key) ? "" : "prompt: a lake\n";
  const more =
    key === "stages" && value.startsWith("-") ? "\n- { size: 1024, steps: 1 }" : method(key);
  const own = `${prompt}${key}:${value.startsWith("-") ? "\n" : " "}${value}${more}`;
  const text = key === "name" ? own : `${own}\n---\nname: dawn\nprompt: a pond`;
  const { problems } = parseRecipes(text, "/r/a.frecas", () => "a lake");
  expect(problems).toEqual([]);
}

/** The method that a key of its own needs. */
function method(key: string): string {
  return ["demofusion", "scalecrafter"].includes(key) ? `\nmethod: ${key}` : "";
}

const rows: readonly (readonly [string, Key])[] = Object.entries(KEYS);

it.each(rows)("%s has an example that can be written", (name, key) => check(name, key.example));

it.each(rows.flatMap(([name, key]) => key.words.map((word) => [name, word] as const)))(
  "%s can be %s",
  check,
);

const filled: Readonly<Record<string, (field: string, value: string) => string>> = {
  stages: (field, value) =>
    `[{${mapping({ size: "512", steps: "9" }, field, value)}}, {size: 1024, steps: 1}]`,
  frequency_guidance: (field, value) => `{${mapping({ high: "1", low: "2" }, field, value)}}`,
  lora: (field, value) => `[{${mapping({ file: "a.safetensors", weight: "1" }, field, value)}}]`,
  demofusion: (field, value) => `{${field}: ${value}}`,
  scalecrafter: (field, value) => `{${field}: ${value}}`,
  init: (field, value) => `{${mapping({ image: "a.png", from: "3" }, field, value)}}`,
};

function mapping(others: Readonly<Record<string, string>>, field: string, value: string): string {
  const until = "steps" in others ? { until: "9" } : {};
  return Object.entries({ ...others, ...until, [field]: value })
    .map((pair) => pair.join(": "))
    .join(", ");
}

const fields = rows.flatMap(([name, key]) =>
  Object.entries(key.fields).map(([field, explained]) => [name, field, explained] as const),
);

it.each(fields)("%s %s has an example that can be written", (name, field, explained: Explained) => {
  const value = filled[name]?.(field, explained.example);
  check(name, value ?? "no value for a test");
});

it.each(["seed", "frequency_guidance"])("%s is a key", (word) =>
  expect(isKeyName(word)).toBe(true),
);
it.each(["sede", "toString", ""])("%j is no key", (word) => expect(isKeyName(word)).toBe(false));
