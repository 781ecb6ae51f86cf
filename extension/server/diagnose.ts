// Problems of a recipe file as the editor shows them. A problem's fix travels along, for the quick fix.
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Diagnostic } from "vscode-languageserver";
import type { Failure } from "../../daemon/base/failure.ts";
import type { Problem } from "../../daemon/base/problem.ts";
import { checkPlans } from "../../daemon/planner/check-plans.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import type { KnownModels } from "./known-models.ts";
import { toLspRange } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";
import type { RememberedPlans } from "./remember-plans.ts";

/** Problems by place, at once; then, where the machine lacks models or a recipe has no plan, the same with those. */
export interface Diagnosis {
  readonly ofText: readonly Diagnostic[];
  /** Paths of the pictures and LoRAs that the recipes name. */
  readonly files: readonly string[];
  readonly whole: Promise<readonly Diagnostic[]>;
}

interface Machine {
  readonly models: Pick<KnownModels, "check">;
  readonly plans: Pick<RememberedPlans, "plan">;
  /** Whether the text has changed meanwhile, so that nobody wants its plans any more. */
  isStale(): boolean;
}

/** `models` and `plans` say what the machine has and can do. */
export function diagnose(
  { text, file, readText, memory }: RecipeText,
  { models, plans, isStale }: Machine,
): Diagnosis {
  const { recipes, problems } = parseRecipes(text, file, readText, { memory });
  const ofText = problems.map(toDiagnostic);
  const folder = dirname(file);
  const whyNot = async (recipe: Recipe): Promise<Failure | null> => {
    await setImmediate();
    if (isStale()) return null;
    const outcome = await plans.plan(recipe, folder);
    return outcome.kind === "refused" ? outcome.failure : null;
  };
  const whole = models
    .check(recipes, folder)
    .then((ofModels) => checkPlans(recipes, whyNot, ofModels))
    .then((found) => [...ofText, ...found.map(toDiagnostic)]);
  return { ofText, files: recipes.flatMap(filesOf), whole };
}

const filesOf = ({ init, lora = [], compare }: Recipe): readonly string[] => [
  ...(init === undefined ? [] : [init.image]),
  ...lora.map(({ file }) => file),
  ...compare.flatMap(filesOf),
];

/** `data`, where there is any, is the text to put in the range's place. */
function toDiagnostic({ code, severity, range, message, fix }: Problem): Diagnostic {
  return {
    range: toLspRange(range),
    message,
    code,
    severity: severity === "error" ? SEVERITY.error : SEVERITY.warning,
    source: "frecas",
    ...(fix === undefined ? {} : { data: fix }),
  };
}

/** DiagnosticSeverity of the protocol. */
const SEVERITY = { error: 1, warning: 2 } as const;
