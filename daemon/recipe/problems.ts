// The catalogue of what can be wrong with a recipe: one small named function for each problem.
// Every message reads "who: rule, got what; what to do". Codes are stable; people filter by them.
import type { Problem, Range } from "../base/problem.ts";
import { shorten } from "../base/shorten.ts";

/** One sentence about one place. */
interface Complaint {
  readonly code: string;
  readonly who: string;
  readonly rule: string;
  readonly got: string;
  readonly todo: string;
  readonly fix?: string | undefined;
}

/** An error; other functions here name the particular ones. */
export function mistake(range: Range, complaint: Complaint): Problem {
  const { code, who, rule, got, todo, fix } = complaint;
  const [whom, what] = [who, got].map((words) => shorten(words, mostLetters));
  const message = `${whom}: ${rule}, got ${what}; ${todo}`.replace(/\p{Cc}/gu, " ");
  return { code, severity: "error", range, message, ...(fix === undefined ? {} : { fix }) };
}

const mostLetters = 120;

/** The YAML package cannot read the text. `code` is its own. */
export function yamlMistake(range: Range, code: string, message: string): Problem {
  const todo = YAML_ADVICE[code] ?? "correct it here";
  const got = oneLine(message);
  return mistake(range, {
    code: "yaml-syntax",
    who: "yaml",
    rule: "must be well formed",
    got,
    todo,
  });
}

const YAML_ADVICE: Readonly<Record<string, string>> = {
  BAD_INDENT: "indent with the same number of spaces, and close every bracket",
  BAD_SCALAR_START: "put quotes around the text",
  BLOCK_AS_IMPLICIT_KEY: "put quotes around a text that holds a colon and a space",
  MISSING_CHAR: "close the quote or the bracket",
  MULTILINE_IMPLICIT_KEY: "write key: value on one line",
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED: "put quotes around a text that begins with !",
};

/** The YAML package can read the text, and doubts that it says what was meant. */
export function yamlDoubt(range: Range, message: string): Problem {
  const got = { who: "yaml", rule: "must be clear", got: oneLine(message) };
  const todo = "write it another way";
  return { ...mistake(range, { code: "yaml-doubt", ...got, todo }), severity: "warning" };
}

function oneLine(message: string): string {
  return `"${(message.split("\n")[0] ?? "").replaceAll('"', "'")}"`;
}

/** Brackets or indentation beyond anything a recipe needs. */
export function nestedTooDeep(range: Range, deepest: number): Problem {
  return mistake(range, {
    code: "yaml-too-deep",
    who: "yaml",
    rule: `must be nested at most ${deepest} deep`,
    got: "more",
    todo: "close the brackets, or put quotes around a text that holds them",
  });
}

/** `*name` in place of a value. */
export function aliasRefused(range: Range, name: string): Problem {
  return mistake(range, {
    code: "yaml-alias",
    who: "yaml",
    rule: "must hold no aliases",
    got: JSON.stringify(`*${name}`),
    todo: "write the value itself, or put quotes around a text that begins with *",
  });
}

/** A key that is a list, a mapping or nothing. */
export function keyNotText(range: Range): Problem {
  return mistake(range, {
    code: "key-not-text",
    who: "yaml",
    rule: "every key must be a word",
    got: "something else",
    todo: "write key: value",
  });
}

/** The same key again in one mapping. */
export function keyTwice(range: Range, key: string): Problem {
  return mistake(range, {
    code: "duplicate-key",
    who: key,
    rule: "must be written once",
    got: "a second one",
    todo: "remove one of them",
  });
}

/** A document that is no mapping. */
export function notAMapping(range: Range, got: string): Problem {
  return mistake(range, {
    code: "not-a-recipe",
    who: "recipe",
    rule: "must be keys and values",
    got,
    todo: "write for example prompt: a calm lake at dawn",
  });
}

/** A word where one of a set of keys is needed; `meant` is the one that is close. */
export function unknownKey(range: Range, who: string, meant: string | undefined): Problem {
  return mistake(range, {
    code: "unknown-key",
    who,
    rule: "must be a key of the recipe language",
    got: "an unknown word",
    todo: meant === undefined ? "remove it" : `write ${meant}`,
    fix: meant,
  });
}

/** A key of the language that cannot stand here. */
export function keyRefused(range: Range, who: string): Problem {
  return mistake(range, {
    code: "key-refused",
    who,
    rule: "must stand in a recipe itself",
    got: "it inside a change",
    todo: "move it out",
  });
}

/** A file that cannot be read, or says nothing. */
export function unreadable(range: Range, who: string, path: string, isEmpty: boolean): Problem {
  return mistake(range, {
    code: isEmpty ? "empty-file" : "missing-file",
    who,
    rule: isEmpty ? "must name a file with at least one line" : "must name a file that can be read",
    got: isEmpty ? `${path}, which is empty` : `${path}, which cannot be read`,
    todo: isEmpty ? "write into it" : "correct the path, which is relative to the recipe's folder",
  });
}

/** A file of more lines than one recipe can have prompts. */
export function fileTooLong(range: Range, who: string, path: string, most: number): Problem {
  return mistake(range, {
    code: "long-file",
    who,
    rule: `must name a file of at most ${most} lines`,
    got: `${path}, which has more`,
    todo: "write the others into a file for another recipe",
  });
}

/** `extends` names no recipe. */
export function noSuchRecipe(range: Range, name: string, place: string, fix?: string): Problem {
  return mistake(range, {
    code: "extends-unknown",
    who: "extends",
    rule: `must name a recipe of ${place}`,
    got: JSON.stringify(name),
    todo: fix === undefined ? "write another name" : `write ${fix}`,
    fix,
  });
}

/** A recipe that extends itself, straight or by way of others. */
export function extendsCycle(range: Range, names: readonly string[]): Problem {
  return mistake(range, {
    code: "extends-cycle",
    who: "extends",
    rule: "must lead to a recipe that extends nothing",
    got: `the circle ${names.join(" → ")}`,
    todo: "remove one extends of it",
  });
}

/** A longer line of extended recipes than anybody can follow. */
export function extendsTooLong(range: Range, longest: number): Problem {
  return mistake(range, {
    code: "extends-too-long",
    who: "extends",
    rule: `must go through at most ${longest} recipes`,
    got: "more",
    todo: "extend an earlier one",
  });
}

/** The extended recipe has mistakes of its own that matter here. */
export function extendsBroken(range: Range, name: string, what: string): Problem {
  return mistake(range, {
    code: "extends-broken",
    who: "extends",
    rule: "must name a recipe that can be read",
    got: `${JSON.stringify(name)}, whose ${what} is wrong`,
    todo: "correct it there",
  });
}

/** No prompt anywhere. */
export function promptMissing(range: Range): Problem {
  return mistake(range, {
    code: "prompt-missing",
    who: "prompt",
    rule: "a recipe must say what to paint",
    got: "no prompt",
    todo: "write for example prompt: a calm lake at dawn",
  });
}

/** Both ways of giving prompts. */
export function promptTwice(range: Range, who: string): Problem {
  return mistake(range, {
    code: "prompt-twice",
    who,
    rule: "must not stand beside prompt",
    got: "both",
    todo: "remove one of them",
  });
}

/** `size` is not the size of the last stage, which is the fix where `size` stands in the text. */
export function sizeDisagrees(range: Range, who: string, got: string, last: string): Problem {
  return mistake(range, {
    code: "size-disagrees",
    who,
    rule: "must be the size of the last stage",
    got: `${got} beside ${last}`,
    todo: `write ${last} or remove it`,
  });
}

/** `init` starts at a stage that is not there. */
export function initBeyondStages(
  range: Range,
  who: string,
  stage: { readonly from: number; readonly count: number },
): Problem {
  return mistake(range, {
    code: "init-beyond-stages",
    who,
    rule: "from must be one of the stages",
    got: `stage ${stage.from} of ${stage.count}`,
    todo: stage.count < 2 ? "write at least two stages" : `write from: ${stage.count}`,
  });
}

/** More combinations than anybody can look at. */
export function tooMany(range: Range, who: string, count: number, most: number): Problem {
  return mistake(range, {
    code: "too-many-recipes",
    who,
    rule: `must make at most ${most} recipes`,
    got: String(count),
    todo: "remove some values",
  });
}

/** Two recipes of a file with one name. */
export function nameTwice(range: Range, name: string): Problem {
  return mistake(range, {
    code: "duplicate-name",
    who: "name",
    rule: "must be unique in the file",
    got: `${JSON.stringify(name)} a second time`,
    todo: "write another name",
  });
}

/** A key that changes nothing, because of what another key says. */
export function noEffect(range: Range, who: string, because: Because): Problem {
  const rule = `needs ${because.needs} to have an effect`;
  const { got, todo } = because;
  return { ...mistake(range, { code: "no-effect", who, rule, got, todo }), severity: "warning" };
}

/** Why a key has no effect. */
export interface Because {
  readonly needs: string;
  readonly got: string;
  readonly todo: string;
}
