// The table of keys in Markdown: what hover shows and what stands beside a completion.
import { type Explained, KEYS, type Key, type KeyName } from "../../daemon/recipe/keys.ts";

/** All that the table says of a key. `here` is the value that the plan gives it, where one is known. */
export function explainKey(name: KeyName, here?: string): string {
  const key: Key = KEYS[name];
  return [
    `**${name}**: \`${key.syntax}\``,
    key.does,
    [
      ...(here === undefined ? [] : [`- Here: \`${here}\``]),
      ...(key.default === null ? [] : [`- Default: ${key.default}`]),
      ...values(key),
      ...(key.flag === null ? [] : [`- Published flag: \`${key.flag}\``]),
      ...(key.method === null ? [] : [`- Part of the ${key.method}`]),
    ].join("\n"),
  ].join("\n\n");
}

/** A key inside the value of another one; undefined where there is none of this name. */
export function explainField(name: KeyName, field: string): string | undefined {
  const { fields }: Key = KEYS[name];
  const explained = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (explained === undefined) return undefined;
  return [`**${field}** of ${name}`, explained.does, values(explained).join("\n")].join("\n\n");
}

function values({ rule, example }: Explained): readonly string[] {
  return [`- Value: ${rule.replace(/^must be /, "")}`, `- Example: \`${example}\``];
}
