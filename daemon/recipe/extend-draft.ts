// Follows `extends` and stacks the recipes on the way into one layer.
// A base's mistakes are told in the base; here only that it cannot be relied upon.
import type { Problem } from "../base/problem.ts";
import { moveLayer } from "./move-layer.ts";
import { nearest } from "./nearest.ts";
import {
  extendsBroken,
  extendsCycle,
  extendsTooLong,
  noSuchRecipe,
  unreadable,
} from "./problems.ts";
import { quoteAnywhere } from "./quote.ts";
import type { Draft } from "./read-drafts.ts";
import { type Layer, type Setting, settingsOf } from "./setting.ts";
import { stackLayers } from "./stack-layers.ts";

/** The drafts of a file; undefined where the file cannot be read. */
export type Library = (file: string) => readonly Draft[] | undefined;

/** A draft's own settings on those of every recipe it extends. */
export function extendDraft(
  draft: Draft,
  library: Library,
): { readonly layer: Layer; readonly problems: readonly Problem[] } {
  const mark = draft.own.extends;
  if (mark?.value === undefined) {
    return { layer: draft.own, problems: [] };
  }
  const { bases, problem } = follow(draft, mark, library);
  if (problem !== undefined) {
    return { layer: draft.own, problems: [problem] };
  }
  const { written } = mark.value;
  const below = bases.reduceRight<Layer>((layer, base) => stackLayers(layer, base.own), {});
  const { name: _, extends: __, ...heritage } = below;
  const place = {
    range: mark.valueRange,
    name: (key: string) => `${key} from ${written}`,
    origin: "base" as const,
  };
  const layer = stackLayers(moveLayer(heritage, place), draft.own);
  const broken = settingsOf(layer).find((one) => one.origin === "base" && one.value === undefined);
  const problems =
    broken === undefined ? [] : [extendsBroken(mark.valueRange, written, broken.key)];
  return { layer, problems };
}

const LONGEST = 64;

/** The recipes on the way, nearest first; or the first thing in the way. */
function follow(
  draft: Draft,
  mark: Setting<"extends">,
  library: Library,
): { readonly bases: readonly Draft[]; readonly problem?: Problem } {
  const bases: Draft[] = [];
  const { valueRange: range } = mark;
  for (let reference = mark.value; reference !== undefined; ) {
    const drafts = library(reference.file);
    const base = drafts?.find((one) => one.name === reference?.name);
    if (base === undefined) {
      return { bases, problem: lost(draft, mark, bases, drafts) };
    }
    if (base === draft || bases.includes(base)) {
      return { bases, problem: circle(draft, base, mark, bases) };
    }
    bases.push(base);
    if (!base.legible) {
      return { bases, problem: extendsBroken(range, base.name, "YAML") };
    }
    if (bases.length > LONGEST) {
      return { bases, problem: extendsTooLong(range, LONGEST) };
    }
    reference = base.own.extends?.value;
  }
  const last = bases.at(-1);
  return last?.own.extends === undefined
    ? { bases }
    : { bases, problem: extendsBroken(range, last.name, "extends") };
}

function lost(
  draft: Draft,
  mark: Setting<"extends">,
  bases: readonly Draft[],
  drafts: readonly Draft[] | undefined,
): Problem {
  const { valueRange: range, value } = mark;
  const last = bases.at(-1);
  if (last !== undefined || value === undefined) {
    return extendsBroken(range, last?.name ?? draft.name, "extends");
  }
  const path = value.written.slice(0, -value.name.length);
  if (drafts === undefined) {
    return unreadable(range, mark.who, path.slice(0, -1), false);
  }
  const others = drafts.filter((one) => one !== draft).map((one) => one.name);
  const meant = nearest(value.name, others);
  const place = path === "" ? "this file" : path.slice(0, -1);
  const fix = meant === undefined ? undefined : quoteAnywhere(`${path}${meant}`);
  return noSuchRecipe(range, value.name, place, fix);
}

function circle(
  draft: Draft,
  base: Draft,
  mark: Setting<"extends">,
  bases: readonly Draft[],
): Problem {
  const names = [draft, ...bases, draft].map((one) => one.name);
  return base === draft
    ? extendsCycle(mark.valueRange, names)
    : extendsBroken(mark.valueRange, base.name, "extends");
}
