// Sends the text of an editor, saved or not, to be painted.
import { randomUUID } from "node:crypto";
import { ProgressLocation, type TextDocument, window, workspace } from "vscode";
import type { Failure } from "../../daemon/base/failure.ts";
import { submitPlans } from "../../daemon/client/submit-plans.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { SentRecipe } from "../../daemon/protocol/methods.ts";
import { readSettings } from "../settings.ts";
import { describeMethods } from "./describe-methods.ts";
import { withSeedInNames } from "./new-places.ts";
import { plainMessage } from "./plain-message.ts";
import type { RecipeTarget } from "./recipe-target.ts";
import type { RunParts } from "./run-parts.ts";
import { tellFailure } from "./tell-failure.ts";

/**
 * alone: without what its `compare` asks for. again: alone, with a new seed, beside the earlier pictures. methods: alone,
 * by every method that fits its model.
 */
export type Wish = "alone" | "compared" | "again" | "methods";

/** Asks nothing: `askBefore` has. Numbers of the new runs; none where the recipe was refused, which the user has been told. */
export async function generate(
  { document, name }: RecipeTarget,
  wish: Wish,
  parts: RunParts,
): Promise<readonly number[]> {
  const recipe: SentRecipe = {
    text: document.getText(),
    file: document.uri.fsPath,
    name,
    changes: changesFor[wish],
    unsaved: unsavedTexts(document),
  };
  try {
    const ids = await window.withProgress(
      { location: ProgressLocation.Window, title: `Planning ${name ?? "the recipes"}` },
      () => submitters[wish](recipe, parts),
    );
    if (ids.length === 0) return ids;
    parts.log.info(`submitted ${ids.length === 1 ? "run" : "runs"} ${ids.join(", ")}`);
    const [runId] = ids;
    const shown = { uri: document.uri.toString(), name: name ?? "", ...(runId && { runId }) };
    // Whoever compares wants to look.
    if (wish === "compared" || wish === "methods")
      await parts.showResults({ ...shown, view: "compare" });
    else if (readSettings().openResultsOnGenerate) await parts.showResults(shown);
    return ids;
  } catch (error) {
    void tellFailure(error, parts.log, document);
    return [];
  }
}

/** Of other open recipe files, which this one may extend: lens and plan show what it is with them. By path. */
function unsavedTexts(recipe: TextDocument): Readonly<Record<string, string>> {
  const others = workspace.textDocuments.filter(
    (one) =>
      one !== recipe && one.isDirty && one.languageId === "frecas" && one.uri.scheme === "file",
  );
  return Object.fromEntries(others.map((one) => [one.uri.fsPath, one.getText()]));
}

const changesFor: Readonly<Record<Wish, Readonly<Record<string, string>>>> = {
  alone: { compare: "[]" },
  compared: {},
  again: { compare: "[]", seed: "random" },
  methods: {},
};

type Submit = (recipe: SentRecipe, parts: RunParts) => Promise<readonly number[]>;

const submitters: Readonly<Record<Wish, Submit>> = {
  alone: submit,
  compared: submit,
  again: submitAgain,
  methods: submitMethods,
};

async function submit(recipe: SentRecipe, { feed }: RunParts): Promise<readonly number[]> {
  const what = { kind: "recipe" as const, recipe };
  const { ids } = await askTwice((key) => feed.ask("submit", { what, key }));
  return ids;
}

/** Planned first, for the pictures' names are the plans'. */
async function submitAgain(recipe: SentRecipe, { feed }: RunParts): Promise<readonly number[]> {
  const { plans } = await askTwice(() => feed.ask("plan", { recipe }));
  // Plans of the daemon are its own, and it checks them when they come back.
  const again = plans.map((plan) => withSeedInNames(plan as unknown as Plan));
  return askTwice((key) => submitPlans(feed, again, { file: recipe.file, key }));
}

/** Methods that do not fit are told, and warnings; none is painted where fewer than two do. Earlier pictures stay, but for those of the same seed. */
async function submitMethods(recipe: SentRecipe, { feed }: RunParts): Promise<readonly number[]> {
  const answer = await askTwice(() => feed.ask("planMethods", { recipe }));
  const plans = answer.plans.map((plan) => withSeedInNames(plan as unknown as Plan));
  const isPainted = plans.length > 1;
  const said = describeMethods(answer, isPainted);
  if (said !== undefined) void window.showInformationMessage(plainMessage(said));
  if (!isPainted) return [];
  return askTwice((key) => submitPlans(feed, plans, { file: recipe.file, key }));
}

/** Once more where the daemon ended before it answered: the key, which is used for nothing else, keeps it from being two submits. */
async function askTwice<T>(ask: (key: string) => Promise<T>): Promise<T> {
  const key = randomUUID();
  return ask(key).catch((error: Failure) => {
    if (error.code !== "daemon.unreachable") throw error;
    return ask(key);
  });
}
