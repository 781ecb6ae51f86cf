// The table of keys in Markdown: what hover shows and what stands beside a completion.
import { type Explained, KEYS, type Key, type KeyName } from "../../daemon/recipe/keys.ts";

/** A key's worth in one recipe, as far as it is known. */
interface Known {
  readonly here?: string | undefined;
  readonly usual?: string | undefined;
  readonly model?: string | undefined;
}

/** All that the table says of a key, and what the plan says of it in a recipe. */
export function explainKey(name: KeyName, { here, usual, model }: Known = {}): string {
  const key: Key = KEYS[name];
  return [
    `**${name}**: \`${key.syntax}\``,
    key.does,
    [
      ...(here === undefined ? [] : [`- Here: ${code(here)}`]),
      ...(usual === undefined
        ? []
        : [`- Default for ${model === undefined ? "this model" : code(model)}: ${code(usual)}`]),
      ...(key.default === null ? [] : [`- Default: ${key.default}`]),
      ...values(key),
      ...(key.flag === null ? [] : [`- Published flag: \`${key.flag}\``]),
      ...(key.method === null ? [] : [`- Part of the ${key.method}`]),
    ].join("\n"),
  ].join("\n\n");
}

/** A key inside the value of another one; undefined where there is none of this name. */
export function explainField(
  name: KeyName,
  field: string,
  { here }: Known = {},
): string | undefined {
  const { fields }: Key = KEYS[name];
  const explained = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (explained === undefined) return undefined;
  return [
    `**${field}** of ${name}`,
    explained.does,
    [...(here === undefined ? [] : [`- Here: ${here}`]), ...values(explained)].join("\n"),
  ].join("\n\n");
}

function values({ rule, example }: Explained): readonly string[] {
  return [`- Value: ${rule.replace(/^must be /, "")}`, `- Example: \`${example}\``];
}

/** A recipe's own words as they are, whatever Markdown would make of them: a hover loads no picture that a text names. */
function code(words: string): string {
  const longest = [...words.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
  const fence = "`".repeat(longest + 1);
  const line = words.replace(/\s+/g, " ");
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
