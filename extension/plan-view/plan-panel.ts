// The plan preview beside the editor: what will happen, before it happens. Follows the cursor from recipe to recipe and
// the text as it is written. There is one.
import {
  commands,
  Disposable,
  type TextDocument,
  type TextEditor,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";
import { webviewFolder, webviewPage } from "../panel/webview-page.ts";
import { documentOf, toldDocuments } from "../plan-request/recipe-documents.ts";
import type { KeptPlans } from "../runs/keep-plans.ts";
import { nextState, type ShownPlan } from "./next-state.ts";
import { fromPlanPageSchema, type PlanViewState } from "./plan-messages.ts";

const viewType = "frecas.plan";

export interface PlanViewParts {
  /** The extension's folder. */
  readonly extension: Uri;
  readonly plans: Pick<KeptPlans, "of" | "onDropped">;
  tellFailure(error: unknown): Promise<void>;
}

/** The recipe that a lens names; none from the palette, where it is the one at the cursor. */
interface PlanArgument {
  readonly uri?: string;
  readonly name?: string;
}

/** Registers `frecas.showPlan`; a preview that was open comes back with its window. */
export function startPlanView(parts: PlanViewParts): Disposable {
  let open: OpenPlan | undefined;
  const take = (panel: WebviewPanel): OpenPlan => {
    const taken = new OpenPlan(panel, parts);
    panel.onDidDispose(() => {
      if (open === taken) open = undefined;
    });
    return taken;
  };
  return Disposable.from(
    commands.registerCommand("frecas.showPlan", async (argument?: PlanArgument | Uri) => {
      const given = argument === undefined || argument instanceof Uri ? {} : argument;
      const options = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      open ??= take(window.createWebviewPanel(viewType, "Plan", options));
      await open.show(given).catch(parts.tellFailure);
    }),
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel) => {
        open?.reveal();
        if (open !== undefined) return panel.dispose();
        open = take(panel);
        await open.show({});
      },
    }),
    new Disposable(() => open?.dispose()),
  );
}

/** Where in which recipe file the previewed recipe is. */
interface Target {
  readonly document: TextDocument;
  readonly line: number;
}

class OpenPlan {
  readonly #panel: WebviewPanel;
  readonly #parts: PlanViewParts;
  readonly #listening: Disposable;
  #target: Target | undefined;
  #shown: ShownPlan = { uri: "", state: nothingOpen };
  /** Questions so far: an answer to an earlier one comes too late. */
  #asked = 0;
  #isClosed = false;

  constructor(panel: WebviewPanel, parts: PlanViewParts) {
    this.#panel = panel;
    this.#parts = parts;
    const { webview } = panel;
    const { extension } = parts;
    webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extension)] };
    this.#listening = Disposable.from(
      webview.onDidReceiveMessage((message: unknown) =>
        this.#answer(message).catch(parts.tellFailure),
      ),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#follow(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
      parts.plans.onDropped((uri) => {
        if (uri === String(this.#target?.document.uri)) void this.#ask();
      }),
    );
    panel.onDidDispose(() => {
      this.#isClosed = true;
      this.#listening.dispose();
    });
    webview.html = webviewPage(webview, extension, { name: "plan", title: "Plan" });
  }

  /** The recipe that was named, else the one at the cursor. Rejects where the named one is not known. */
  async show({ uri, name }: PlanArgument): Promise<void> {
    this.reveal();
    const isNamed = uri !== undefined && name !== undefined;
    const named = isNamed ? await this.#find(Uri.parse(uri), name) : undefined;
    this.#target = named ?? targetOf(window.activeTextEditor ?? anyRecipe()) ?? this.#target;
    await this.#ask();
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #follow(editor: TextEditor | undefined): void {
    const target = targetOf(editor);
    if (target === undefined) return;
    const before = this.#target;
    this.#target = target;
    if (target.document !== before?.document || target.line !== before.line) void this.#ask();
  }

  async #find(uri: Uri, name: string): Promise<Target | undefined> {
    const document = await workspace.openTextDocument(uri);
    const documents = toldDocuments(await this.#parts.plans.of(document));
    const line = documentOf(documents, name)?.line;
    return line === undefined ? undefined : { document, line };
  }

  async #ask(): Promise<void> {
    const target = this.#target;
    if (target === undefined) return this.#send();
    this.#asked += 1;
    const question = this.#asked;
    const { version, recipes } = await this.#parts.plans.of(target.document);
    if (question !== this.#asked || version === 0) return;
    const place = { uri: String(target.document.uri), line: target.line };
    this.#shown = nextState(this.#shown, place, recipes);
    this.#send();
  }

  /** Nothing to a panel that was closed while an answer was on its way, which would throw. */
  #send(): void {
    if (this.#isClosed) return;
    const { state } = this.#shown;
    const [first] = state.kind === "shown" ? state.figures : [];
    this.#panel.title = first === undefined ? "Plan" : `Plan: ${first.name}`;
    void this.#panel.webview.postMessage(state satisfies PlanViewState);
  }

  async #answer(given: unknown): Promise<void> {
    const { success, data: message } = fromPlanPageSchema.safeParse(given);
    if (!success) return;
    switch (message.kind) {
      case "ready":
        return this.#send();
      case "generate":
        return commands.executeCommand("frecas.generate", {
          uri: this.#shown.uri,
          name: message.name,
        });
      case "leave":
        return this.#leave();
      default:
        message satisfies never;
    }
  }

  async #leave(): Promise<void> {
    const { uri } = this.#target?.document ?? {};
    if (uri === undefined) return;
    const editor = window.visibleTextEditors.find(
      ({ document }) => String(document.uri) === String(uri),
    );
    const viewColumn = editor?.viewColumn ?? ViewColumn.One;
    await window.showTextDocument(uri, { viewColumn, preview: false });
  }
}

const nothingOpen: PlanViewState = {
  kind: "nothing",
  why: "Put the cursor into a recipe, and its plan appears here.",
};

/** Undefined for what is no recipe file. */
function targetOf(editor: TextEditor | undefined): Target | undefined {
  if (editor?.document.languageId !== "frecas") return undefined;
  return { document: editor.document, line: editor.selection.active.line };
}

/** A recipe file that can be seen. */
const anyRecipe = (): TextEditor | undefined =>
  window.visibleTextEditors.find(({ document }) => document.languageId === "frecas");
