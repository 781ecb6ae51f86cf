// A recipe as YAML that stands alone: nothing extended, nothing swept, absolute paths as they are.
// Canonical: equal recipes print to equal bytes, and the text reads back as an equal recipe.
import type {
  DemofusionRecipe,
  FrequencyGuidance,
  LoraRecipe,
  Recipe,
  ScalecrafterRecipe,
  StageRecipe,
} from "./recipe.ts";
import { writeSize } from "./value-schemas.ts";

/** What of a recipe is printed: all that steers the picture. */
export type PrintedRecipe = Omit<
  Recipe,
  "range" | "source" | "compare" | "writtenModel" | "keyRanges"
>;

/** One `key: value` a line, in the order of the table of keys; undefined keys are left out. */
export function printRecipe(recipe: PrintedRecipe): string {
  const lines = [
    line("name", text(recipe.name)),
    line("model", given(recipe.model, text)),
    line("lora", given(recipe.lora, loras)),
    line("prompt", prompts(recipe.prompts)),
    line("negative", given(recipe.negative, text)),
    line("seed", given(recipe.seed, String)),
    line("images", given(recipe.images, String)),
    line("guidance", given(recipe.guidance, String)),
    line("size", given(recipe.size, writeSize)),
    line(
      "stages",
      given(recipe.stages, (stages) => stages.map(stageItem).join("")),
    ),
    line("gamma", given(recipe.gamma, String)),
    line("frequency_guidance", given(recipe.frequencyGuidance, weights)),
    line("attention_reuse", given(recipe.attentionReuse, String)),
    line("tiling", recipe.tiling),
    line("precision", recipe.precision),
    line("t5", recipe.t5),
    line("variant", recipe.variant),
    line("method", recipe.method),
    line("demofusion", given(recipe.demofusion, printDemofusion)),
    line("scalecrafter", given(recipe.scalecrafter, printScalecrafter)),
    line(
      "init",
      given(recipe.init, ({ image, from }) =>
        from === undefined
          ? `{ image: ${quoted(image)} }`
          : `{ image: ${quoted(image)}, from: ${from} }`,
      ),
    ),
    line("output", given(recipe.output, text)),
    line("metadata", recipe.metadata),
  ];
  return lines.join("");
}

function line(key: string, value: string | undefined): string {
  if (value === undefined) {
    return "";
  }
  return value.startsWith("\n") ? `${key}:${value}\n` : `${key}: ${value}\n`;
}

function given<Value>(
  value: Value | undefined,
  print: (value: Value) => string,
): string | undefined {
  return value === undefined ? undefined : print(value);
}

function prompts(texts: readonly string[]): string | undefined {
  const [first, ...others] = texts;
  if (first === undefined) {
    return undefined;
  }
  return others.length === 0 ? text(first) : texts.map((one) => `\n  - ${text(one)}`).join("");
}

function loras(items: readonly LoraRecipe[]): string {
  const item = ({ file, weight }: LoraRecipe): string =>
    `\n  - { file: ${quoted(file)}, weight: ${weight} }`;
  return items.length === 0 ? "[]" : items.map(item).join("");
}

function stageItem({ size, steps, until }: StageRecipe): string {
  return `\n  - { size: ${writeSize(size)}, steps: ${steps}, until: ${until} }`;
}

function weights({ high, low, single }: FrequencyGuidance): string {
  return single ? String(high) : `{ high: ${high}, low: ${low} }`;
}

/** As it is written behind its key. */
export function printDemofusion({
  cosineScales,
  windowsAtOnce,
  ...same
}: DemofusionRecipe): string {
  const { preset, steps, stride, sigma, sampler } = same;
  const cosine_scales = cosineScales && `[${cosineScales.join(", ")}]`;
  const windows_at_once = windowsAtOnce;
  return mapping({ preset, steps, stride, cosine_scales, sigma, sampler, windows_at_once });
}

/** The settings as they could be written. */
export function printScalecrafter(settings: ScalecrafterRecipe): string {
  const { steps, eta, table, dilateTau, ndcfgTau, inflateTau, progressive, freeu } = settings;
  return mapping({
    ...{ steps, eta, table: given(table, writeSize) },
    ...{ dilate_tau: dilateTau, ndcfg_tau: ndcfgTau, inflate_tau: inflateTau },
    ...{ progressive, freeu },
  });
}

/** Numbers, words and lists as they are; what is undefined is left out. */
function mapping(values: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "{}";
  return `{ ${pairs.map(([key, value]) => `${key}: ${value}`).join(", ")} }`;
}

/** Plain where no reader of YAML could take it for anything but this text. */
function text(value: string): string {
  const isPlain = /^[\p{L}/][\p{L}\p{N} ,./_()'-]*$/u.test(value) && value.trimEnd() === value;
  return isPlain && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value) ? value : quoted(value);
}

/** JSON's quotes are YAML's; what JSON leaves bare and YAML's readers may not keep is escaped. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
