// Problems of a recipe file as the editor shows them. A problem's fix travels along, for the quick fix.
import type { Diagnostic } from "vscode-languageserver";
import type { Problem } from "../../daemon/base/problem.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { toLspRange } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/** All problems by place. */
export function diagnose({ text, file, readText }: RecipeText): readonly Diagnostic[] {
  return parseRecipes(text, file, readText).problems.map(toDiagnostic);
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
