// Keys that a mapping can have and does not have yet.
import { KEYS, type Key, type KeyName } from "../../daemon/recipe/keys.ts";
import { explainField, explainKey } from "./explain.ts";
import { documentStart } from "./find-spot.ts";
import type { Scope } from "./meaning.ts";
import type { Proposal } from "./proposal.ts";
import { fieldSnippet, keySnippet } from "./snippets.ts";
import type { Spot } from "./spot.ts";

/** In the order of the table. */
export function completeKeys(scope: Scope, spot: Spot, text: string): readonly Proposal[] {
  const written = new Set([
    ...spot.before,
    ...(scope.kind === "recipe" ? keysBehind(text, spot.start) : []),
  ]);
  return proposalsOf(scope, spot.isInFlow).filter(({ label }) => !written.has(label));
}

function proposalsOf(scope: Scope, isInFlow: boolean): readonly Proposal[] {
  if (scope.kind === "fields") return fieldsOf(scope.key, isInFlow);
  const names = (Object.keys(KEYS) as KeyName[]).filter(
    (name) => scope.kind === "recipe" || !OF_RECIPES.includes(name),
  );
  return names.map((name) => {
    const { syntax }: Key = KEYS[name];
    return proposal(name, {
      detail: syntax,
      text: keySnippet(name, { isInFlow, isSwept: scope.kind === "sweep" }),
      documentation: explainKey(name),
    });
  });
}

/** Keys that no change and no sweep can hold. */
const OF_RECIPES: readonly KeyName[] = ["name", "extends", "compare", "sweep"];

function fieldsOf(key: KeyName, isInFlow: boolean): readonly Proposal[] {
  const { fields }: Key = KEYS[key];
  return Object.entries(fields).map(([name, explained]) =>
    proposal(name, {
      detail: explained.rule.replace(/^must be /, ""),
      text: fieldSnippet(name, explained.example, isInFlow),
      documentation: explainField(key, name) ?? "",
    }),
  );
}

function proposal(
  label: string,
  told: { readonly detail: string; readonly text: string; readonly documentation: string },
): Proposal {
  return {
    label,
    kind: PROPERTY,
    detail: told.detail,
    documentation: { kind: "markdown", value: told.documentation },
    insertTextFormat: SNIPPET,
    text: told.text,
  };
}

/** Keys at the beginning of lines, from the cursor's next line to the end of its document. */
function keysBehind(text: string, offset: number): readonly string[] {
  const rest = text.slice(documentStart(text, offset)).split(/^(?:---|\.\.\.)(?=\s|$)/m)[0] ?? "";
  const behind = rest.slice(offset - documentStart(text, offset)).replace(/^.*/, "");
  return [...behind.matchAll(/^([\w-]+)[ \t]*:(?=\s|$)/gm)].map((found) => found[1] ?? "");
}

/** CompletionItemKind.Property. */
const PROPERTY = 10;

/** InsertTextFormat.Snippet. */
const SNIPPET = 2;
