// The keys of a recipe as `printRecipe` writes it, for those who look at a few of them: the parser of recipes would bring
// all of YAML into the editor's bundle. No reader for what people write.

/** By key, in order: the value as it is printed, with the indented lines below it. */
export function printedKeys(text: string): ReadonlyMap<string, string> {
  const keys = text.matchAll(/^(\w+):(.*(?:\n .*)*)/gm);
  return new Map([...keys].map(([, key = "", value = ""]) => [key, value.trim()]));
}

/** The same for people: each value in one line. */
export function printedLines(text: string): ReadonlyMap<string, string> {
  const keys = [...printedKeys(text)];
  return new Map(keys.map(([key, value]) => [key, value.replace(/\s+/g, " ")]));
}

/** Undefined where the recipe has no name. */
export function printedName(text: string): string | undefined {
  const name = printedKeys(text).get("name");
  return name?.startsWith('"') ? unquoted(name) : name;
}

/** Printed quotes are JSON's; a text that is cut off in them has no name. */
function unquoted(name: string): string | undefined {
  try {
    return String(JSON.parse(name));
  } catch {
    return undefined;
  }
}
