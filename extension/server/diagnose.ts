// Problems of a recipe file as the editor shows them. A problem's fix travels along, for the quick fix.
import { dirname } from "node:path";
import type { Diagnostic } from "vscode-languageserver";
import type { Problem } from "../../daemon/base/problem.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { KnownModels } from "./known-models.ts";
import { toLspRange } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/** Problems by place, at once; then, where the machine lacks models, the same with warnings of that. */
export interface Diagnosis {
  readonly ofText: readonly Diagnostic[];
  readonly whole: Promise<readonly Diagnostic[]>;
}

/** `models` say what the machine has. */
export function diagnose(
  { text, file, readText, memory }: RecipeText,
  models: Pick<KnownModels, "check">,
): Diagnosis {
  const { recipes, problems } = parseRecipes(text, file, readText, { memory });
  const ofText = problems.map(toDiagnostic);
  const whole = models
    .check(recipes, dirname(file))
    .then((absent) => [...ofText, ...absent.map(toDiagnostic)]);
  return { ofText, whole };
}

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
