// Written keys and values to a layer of checked settings. Looks at each key by itself.
// The only place that turns relative paths into absolute ones and reads prompt files.
import { dirname, isAbsolute, join, normalize } from "node:path";
import type { Problem } from "../base/problem.ts";
import { type Checked, checkValue, type Rules } from "./check-value.ts";
import type { DocumentMemory } from "./document-memory.ts";
import { isKeyName, KEYS, type KeyName, keyOfFlag } from "./keys.ts";
import { nearest } from "./nearest.ts";
import { fileTooLong, keyRefused, mistake, unknownKey, unreadable } from "./problems.ts";
import { type Axis, type Layer, type Setting, settingsOf, type Values } from "./setting.ts";
import { describe, type Written, type WrittenEntry } from "./written.ts";

/** Where paths start, and how files are read; `readText` gives undefined for a file it cannot read. */
export interface Surroundings {
  readonly file: string;
  readonly readText: (absolutePath: string) => string | undefined;
  /** Of documents that were read before; absent: none are remembered. */
  readonly memory?: DocumentMemory | undefined;
}

/** A layer, and what is wrong with it, its settings' problems included. */
export interface CheckedLayer {
  readonly layer: Layer;
  readonly problems: readonly Problem[];
}

/** Checks every entry; `name` says what messages call a key. */
export function checkLayer(
  entries: readonly WrittenEntry[],
  surroundings: Surroundings,
  name: (key: string) => string = (key) => key,
): CheckedLayer {
  const settings = entries.flatMap((entry) =>
    isKeyName(entry.key) ? [checkSetting(entry.key, entry, name(entry.key), surroundings)] : [],
  );
  const strange = entries
    .filter((entry) => !isKeyName(entry.key))
    .map((entry) => strangeKey(entry, name));
  const layer: Layer = Object.fromEntries(settings.map((setting) => [setting.key, setting]));
  return { layer, problems: [...strange, ...problemsOf(layer)] };
}

/** The problems of a layer's settings alone. */
export function problemsOf(layer: Layer): readonly Problem[] {
  return settingsOf(layer).flatMap((setting) => setting.problems);
}

function strangeKey(entry: WrittenEntry, name: (key: string) => string): Problem {
  const meant = keyOfFlag(entry.key) ?? nearest(entry.key, Object.keys(KEYS));
  return unknownKey(entry.keyRange, name(entry.key), meant);
}

function checkSetting<Name extends KeyName>(
  key: Name,
  entry: WrittenEntry,
  who: string,
  surroundings: Surroundings,
): Setting<Name> {
  const checker: Checker<Values[Name]> = checkers[key];
  const { value, problems } = checker(entry.value, who, surroundings);
  const { keyRange } = entry;
  const valueRange = entry.value.range;
  return { key, who, keyRange, valueRange, value, problems, origin: "text" };
}

type Checker<Value> = (written: Written, who: string, surroundings: Surroundings) => Checked<Value>;

const checkers: { readonly [Name in KeyName]: Checker<Values[Name]> } = {
  name: by(KEYS.name),
  extends: and(by(KEYS.extends), toReference),
  model: and(by(KEYS.model), toModel),
  lora: and(by(KEYS.lora), (items, file) =>
    items.map((item) => ({ ...item, file: toAbsolute(item.file, file) })),
  ),
  prompt: by(KEYS.prompt),
  prompts: readPrompts,
  negative: by(KEYS.negative),
  seed: by(KEYS.seed),
  images: by(KEYS.images),
  guidance: by(KEYS.guidance),
  size: by(KEYS.size),
  stages: by(KEYS.stages),
  gamma: by(KEYS.gamma),
  frequency_guidance: by(KEYS.frequency_guidance),
  attention_reuse: by(KEYS.attention_reuse),
  tiling: by(KEYS.tiling),
  precision: by(KEYS.precision),
  t5: by(KEYS.t5),
  variant: by(KEYS.variant),
  method: by(KEYS.method),
  demofusion: by(KEYS.demofusion),
  scalecrafter: by(KEYS.scalecrafter),
  init: and(by(KEYS.init), (init, file) => ({ ...init, image: toAbsolute(init.image, file) })),
  compare: checkCompare,
  sweep: checkSweep,
  output: and(by(KEYS.output), toAbsolute),
  metadata: by(KEYS.metadata),
};

function by<Value>(rules: Rules<Value>): Checker<Value> {
  return (written, who) => checkValue(rules, written, who);
}

function and<Value, Next>(
  checker: Checker<Value>,
  next: (value: Value, file: string) => Next,
): Checker<Next> {
  return (written, who, surroundings) => {
    const { value, problems } = checker(written, who, surroundings);
    return { value: value === undefined ? undefined : next(value, surroundings.file), problems };
  };
}

function toReference(written: string, file: string): Values["extends"] {
  const mark = written.lastIndexOf("#");
  const name = written.slice(mark + 1);
  return { file: mark < 0 ? file : toAbsolute(written.slice(0, mark), file), name, written };
}

/** `owner/model` is a Hugging Face id, so a folder beside the recipe is written with `./`. */
function toModel(written: string, file: string): Values["model"] {
  const isPath = isAbsolute(written) || /^\.\.?([/\\]|$)/.test(written);
  const isFile = /\.(safetensors|ckpt|bin|pth?)$/i.test(written);
  return { model: isPath || isFile ? toAbsolute(written, file) : written, written };
}

function toAbsolute(path: string, file: string): string {
  return isAbsolute(path) ? normalize(path) : join(dirname(file), path);
}

function readPrompts(
  written: Written,
  who: string,
  surroundings: Surroundings,
): Checked<readonly string[]> {
  const { value, problems } = checkValue(KEYS.prompts, written, who);
  if (value === undefined) {
    return { value, problems };
  }
  const text = surroundings.readText(toAbsolute(value, surroundings.file));
  // No further than that, for the editor reads the file again with every keystroke.
  const lines = (text ?? "").trimEnd().split(/\r\n|\r|\n/, MOST_LINES + 1);
  const prompts = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length > MOST_LINES)
    return { value: undefined, problems: [fileTooLong(written.range, who, value, MOST_LINES)] };
  return prompts.length > 0
    ? { value: prompts, problems: [] }
    : {
        value: undefined,
        problems: [unreadable(written.range, who, value, text !== undefined)],
      };
}

/** Of a file of prompts. */
const MOST_LINES = 10_000;

const REFUSED: readonly string[] = ["name", "extends", "compare", "sweep"];

function checkCompare(
  written: Written,
  who: string,
  surroundings: Surroundings,
): Checked<readonly Layer[]> {
  const shape = checkValue(KEYS.compare, written, who);
  if (written.kind !== "list") {
    return { value: undefined, problems: shape.problems };
  }
  const changes = written.items.map((item, index) => {
    const entries = item.kind === "mapping" ? item.entries : [];
    return checkChange(entries, surroundings, (key) => `${key} in ${who} ${index + 1}`);
  });
  return whole(
    changes.map((change) => change.layer),
    [...shape.problems, ...changes.flatMap((change) => change.problems)],
  );
}

function checkChange(
  entries: readonly WrittenEntry[],
  surroundings: Surroundings,
  name: (key: string) => string,
): CheckedLayer {
  const refused = entries.filter((entry) => REFUSED.includes(entry.key));
  const allowed = entries.filter((entry) => !REFUSED.includes(entry.key));
  const { layer, problems } = checkLayer(allowed, surroundings, name);
  const refusals = refused.map((entry) => keyRefused(entry.keyRange, name(entry.key)));
  return { layer, problems: [...refusals, ...problems] };
}

function checkSweep(
  written: Written,
  who: string,
  surroundings: Surroundings,
): Checked<readonly Axis[]> {
  if (written.kind !== "mapping") {
    return { value: undefined, problems: checkValue(KEYS.sweep, written, who).problems };
  }
  const axes = written.entries.map((entry) => checkAxis(entry, who, surroundings));
  return whole(
    axes.map((axis) => axis.value),
    axes.flatMap((axis) => axis.problems),
  );
}

/** Each value is checked as if it stood alone after the key. */
function checkAxis(
  entry: WrittenEntry,
  who: string,
  surroundings: Surroundings,
): { readonly value: Axis | undefined; readonly problems: readonly Problem[] } {
  const { value: list } = entry;
  const name = (key: string): string => `${key} in ${who}`;
  if (list.kind !== "list" || list.items.length === 0) {
    const problems = isKeyName(entry.key) ? [notAList(entry, name)] : [strangeKey(entry, name)];
    return { value: undefined, problems };
  }
  const checked = list.items.map((value) => checkChange([{ ...entry, value }], surroundings, name));
  const settings = checked.flatMap((one) => settingsOf(one.layer));
  const first = settings[0];
  return {
    value: first === undefined ? undefined : { key: first.key, settings },
    problems: checked.flatMap((one) => one.problems),
  };
}

function notAList(entry: WrittenEntry, name: (key: string) => string): Problem {
  return mistake(entry.value.range, {
    code: "bad-value",
    who: name(entry.key),
    rule: "must be a list of values to run over",
    got: describe(entry.value),
    todo: "write for example [1, 2, 3]",
  });
}

/** All of it, or nothing where any part is wrong. */
function whole<Part>(
  parts: readonly (Part | undefined)[],
  problems: readonly Problem[],
): Checked<readonly Part[]> {
  const value = parts.filter((part) => part !== undefined);
  return { value: problems.length > 0 ? undefined : value, problems };
}
