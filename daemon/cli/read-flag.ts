// The published flags that are numbers: text → a number that a recipe may hold, or a failure that says the rule.
import { invalidRecipe } from "../base/failure.ts";

interface Rule {
  readonly least: number;
  readonly most?: number;
  readonly isWhole?: boolean;
  readonly example: string;
}

/** The ranges of the recipe language, so that a picture's own recipe can be run again. */
const rules = {
  "images-per-prompt": { least: 1, most: 64, isWhole: true, example: "1" },
  gs: { least: 1, example: "7.5" },
  msp_endtimes: { least: 0, most: 999, isWhole: true, example: "200 0" },
  msp_steps: { least: 1, most: 1000, isWhole: true, example: "40 10" },
  msp_gamma: { least: Number.MIN_VALUE, example: "2" },
  facfg_weight: { least: 0, example: "35 7.5" },
  camap_weight: { least: 0, most: 1, example: "0.6" },
  seed: { least: 0, most: 2 ** 32 - 1, isWhole: true, example: "1" },
} as const satisfies Readonly<Record<string, Rule>>;

/** Throws `invalidRecipe`. */
export function readFlag(flag: keyof typeof rules, text: string): number {
  const rule: Rule = rules[flag];
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const { least, most = Number.MAX_VALUE, isWhole = false, example } = rule;
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  throw invalidRecipe(
    `--${flag}: must be ${describe(rule)}, got "${text}"; write for example --${flag} ${example}`,
  );
}

function describe({ least, most, isWhole }: Rule): string {
  const kind = isWhole ? "a whole number" : "a number";
  if (most !== undefined) return `${kind} from ${least} to ${most}`;
  return least === Number.MIN_VALUE ? `${kind} above 0` : `${kind} of at least ${least}`;
}
