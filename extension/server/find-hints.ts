// The inlay hints of those recipes of a file that the editor shows.
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { InlayHint, Range as LspRange } from "vscode-languageserver";
import { Failure } from "../../daemon/base/failure.ts";
import { type ModelConfig, withoutT5 } from "../../daemon/config/model-config.ts";
import { countTokens, type TokenCount } from "../../daemon/planner/count-tokens.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { positionsOf } from "../../daemon/recipe/positions.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import { inlayHints } from "./inlay-hints.ts";
import type { KnownModels } from "./known-models.ts";
import type { RecipeText } from "./recipe-text.ts";
import type { RememberedPlans } from "./remember-plans.ts";
import type { rememberTokenizers } from "./remember-tokenizers.ts";

/** What hints come from. */
export interface HintSources {
  readonly plans: Pick<RememberedPlans, "plan">;
  readonly models: Pick<KnownModels, "configOf">;
  readonly tokenizer: ReturnType<typeof rememberTokenizers>;
}

/** A recipe with errors has none, and neither has one that a sweep makes several of. */
export async function findHints(
  { text, file, readText, memory }: RecipeText,
  shown: LspRange,
  sources: HintSources,
): Promise<InlayHint[]> {
  const { documents } = parseRecipes(text, file, readText, { memory });
  const written = readYaml(text, memory);
  const positions = positionsOf(text);
  const hints: InlayHint[] = [];
  for (const [index, { recipes, range }] of documents.entries()) {
    const [recipe, second] = recipes;
    const document = written[index];
    const isShown = range.start.line <= shown.end.line && shown.start.line <= range.end.line;
    if (!isShown || recipe === undefined || second !== undefined || document === undefined)
      continue;
    await setImmediate();
    const outcome = await sources.plans.plan(recipe, dirname(file));
    const config = await sources.models.configOf(recipe, dirname(file));
    if (outcome.kind === "refused" || config === undefined) continue;
    const { plan, seconds } = outcome;
    const model = plan.model.t5 === "used" ? config : withoutT5(config);
    const count = (words: string) => countOrNone(words, model, sources.tokenizer);
    hints.push(...inlayHints(document, positions, { plan, seconds, count }));
  }
  return hints;
}

function countOrNone(
  words: string,
  model: ModelConfig,
  tokenizer: HintSources["tokenizer"],
): readonly TokenCount[] {
  try {
    return countTokens(words, model, tokenizer);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
