// A key with its checked value, and the layers that settings are stacked in.
// Not a recipe yet: what keys mean together is decided once all layers are stacked.
import type { z } from "zod";
import type { Problem, Range } from "../base/problem.ts";
import type { KEYS, KeyName } from "./keys.ts";

/** What each key's value is once read. Paths are absolute; prompts are the file's lines. */
export type Values = {
  readonly [Name in Exclude<
    KeyName,
    "extends" | "model" | "prompts" | "compare" | "sweep"
  >]: z.output<(typeof KEYS)[Name]["schema"]>;
} & {
  readonly extends: Reference;
  readonly model: NamedModel;
  readonly prompts: readonly string[];
  readonly compare: readonly Layer[];
  readonly sweep: readonly Axis[];
};

/** A recipe's name in a file; `written` is the author's text for both. */
interface Reference {
  readonly file: string;
  readonly name: string;
  readonly written: string;
}

/** A model's name or absolute path; `written` is the author's text, whose paths may be relative. */
interface NamedModel {
  readonly model: string;
  readonly written: string;
}

/** A swept key: one setting for each of its values. */
export interface Axis {
  readonly key: KeyName;
  readonly settings: readonly Setting<KeyName>[];
}

/** `value` is undefined where it is wrong; `problems` then say why. */
export interface Setting<Name extends KeyName> {
  readonly key: Name;
  /** What messages call it: "gamma", "gamma in compare 2", "--set gamma". */
  readonly who: string;
  readonly keyRange: Range;
  readonly valueRange: Range;
  readonly value: Values[Name] | undefined;
  readonly problems: readonly Problem[];
  /** Where it was written. Only for "text" do the ranges hold its letters; else they stand in. */
  readonly origin: "text" | "base" | "change";
}

/** At most one setting of each key, in the order written. */
export type Layer = { readonly [Name in KeyName]?: Setting<Name> };

/** The settings of a layer in order. */
export function settingsOf(layer: Layer): readonly Setting<KeyName>[] {
  return Object.values(layer);
}
