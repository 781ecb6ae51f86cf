// As much of the editor as the extension's commands need, in the place of `vscode`: tests run the commands that were
// registered, say beforehand what the user answers, and read what was said.

type Run = (...given: readonly unknown[]) => unknown;

class FakeUri {
  readonly scheme: string;
  readonly path: string;

  constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }

  static file(path: string): FakeUri {
    return new FakeUri("file", path);
  }

  static parse(text: string): FakeUri {
    const [scheme = "", path = ""] = text.split(/:(?:\/\/)?/);
    return new FakeUri(scheme, path);
  }

  static joinPath({ scheme, path }: FakeUri, ...parts: readonly string[]): FakeUri {
    return new FakeUri(scheme, [path, ...parts].join("/"));
  }

  with({ query }: { readonly query: string }): FakeUri {
    return new FakeUri(this.scheme, `${this.path}?${query}`);
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return this.scheme === "file" ? `file://${this.path}` : `${this.scheme}:${this.path}`;
  }
}

/** As the editor has them: what is told to a panel that is closed throws. Its page says what the test says. */
export class FakePanel {
  visible = true;
  readonly posted: unknown[] = [];
  /** What the page was allowed, each time that it was loaded anew for it. */
  readonly options: object[] = [];
  readonly #messages = listeners<unknown>();
  readonly #views = listeners<void>();
  readonly #ends = listeners<void>();
  #isClosed = false;
  readonly webview = this.#openWebview();

  set title(title: string) {
    this.#open(title);
  }

  reveal(): void {
    this.#open(undefined);
  }

  readonly onDidChangeViewState = this.#views.listen;
  readonly onDidDispose = this.#ends.listen;

  /** The page says something. */
  say(message: unknown): void {
    this.#messages.tell(message);
  }

  /** It is shown, or hidden behind another one. */
  turn(visible: boolean): void {
    this.visible = visible;
    this.#views.tell();
  }

  dispose(): void {
    this.#isClosed = true;
    this.#ends.tell();
  }

  #openWebview() {
    const { posted, options } = this;
    const open = <T>(value: T): T => this.#open(value);
    return {
      html: "",
      cspSource: "vscode:",
      asWebviewUri: (uri: FakeUri) => uri,
      onDidReceiveMessage: this.#messages.listen,
      postMessage: async (message: unknown) => void posted.push(open(message)),
      get options() {
        return { localResourceRoots: [], ...options.at(-1) };
      },
      set options(next: object) {
        options.push(next);
      },
    };
  }

  #open<T>(value: T): T {
    if (this.#isClosed) throw new Error("Webview is disposed");
    return value;
  }
}

class FakeDisposable {
  readonly dispose: () => void;

  constructor(dispose: () => void = () => undefined) {
    this.dispose = dispose;
  }

  static from(...disposables: readonly { dispose(): void }[]): FakeDisposable {
    return new FakeDisposable(() => {
      for (const one of disposables) one.dispose();
    });
  }
}

/** A text in an editor. */
export interface FakeDocument {
  readonly uri: FakeUri;
  readonly languageId: string;
  readonly version: number;
  readonly isDirty: boolean;
  getText(): string;
}

export function fakeDocument(
  uri: string,
  text = "prompt: a\n",
  more: Partial<FakeDocument> = {},
): FakeDocument {
  const document = { uri: FakeUri.parse(uri), languageId: "frecas", version: 1, isDirty: false };
  return { ...document, getText: () => text, ...more };
}

/** Those who want to know when the window gets the focus. */
const windowState = listeners<{ readonly focused: boolean }>();
/** Those who want to know where the cursor is. */
const selections = listeners<{ readonly textEditor: unknown }>();

function listeners<T>() {
  const heard = new Set<(value: T) => void>();
  return {
    listen: (listener: (value: T) => void) => {
      heard.add(listener);
      return new FakeDisposable(() => heard.delete(listener));
    },
    tell: (value: T): void => {
      for (const listener of heard) listener(value);
    },
    forget: () => heard.clear(),
  };
}

const registered = new Map<string, Run>();

/** What tests set and read. `reset` before each. */
export const editor = {
  isTrusted: true,
  isFocused: false,
  /** The button of a message that is clicked wherever it is offered. */
  answer: undefined as string | undefined,
  /** Messages are never answered: they slide into the notification centre. */
  isSilent: false,
  /** How many items of a list are picked. */
  picks: 0,
  /** At the cursor. */
  document: undefined as FakeDocument | undefined,
  line: 0,
  /** Other open ones. */
  others: [] as readonly FakeDocument[],
  /** What settings.json holds, by whole keys. */
  settings: {} as Readonly<Record<string, unknown>>,
  /** Where an untitled document goes when it is saved; undefined where the user gives up. */
  savedAs: undefined as FakeDocument | undefined,
  /** The last one that was opened. */
  panel: undefined as FakePanel | undefined,
  /** Sentences of messages, and titles of lists. */
  said: [] as string[],
  /** Commands of the editor and of other parts that were run. */
  executed: [] as (readonly unknown[])[],
  reset(): void {
    registered.clear();
    windowState.forget();
    selections.forget();
    Object.assign(editor, {
      isTrusted: true,
      isFocused: false,
      isSilent: false,
      answer: undefined,
      picks: 0,
      line: 0,
    });
    Object.assign(editor, {
      document: undefined,
      savedAs: undefined,
      others: [],
      panel: undefined,
      said: [],
      executed: [],
      settings: {},
    });
  },
  /** The user comes to the window, or goes elsewhere. */
  focus(focused: boolean): void {
    editor.isFocused = focused;
    windowState.tell({ focused });
  },
  moveTo(line: number): void {
    editor.line = line;
    selections.tell({ textEditor: vscode.window.activeTextEditor });
  },
  /** Resolves when the command's handler has ended. */
  async run(name: string, ...given: readonly unknown[]): Promise<void> {
    const handler = registered.get(name);
    if (handler === undefined) throw new Error(`${name} is not registered`);
    await handler(...given);
  },
};

async function say(sentence: string, ...more: readonly unknown[]): Promise<string | undefined> {
  editor.said.push(sentence);
  if (editor.isSilent) return new Promise(() => undefined);
  return more.includes(editor.answer) ? editor.answer : undefined;
}

/** What modules get that import `vscode`. */
export const vscode = {
  Uri: FakeUri,
  Disposable: FakeDisposable,
  EventEmitter: class<T> extends FakeDisposable {
    readonly #heard = listeners<T>();
    readonly event = this.#heard.listen;
    readonly fire = this.#heard.tell;
  },
  ProgressLocation: { Window: 10, Notification: 15 },
  DiagnosticSeverity: { Error: 0 },
  languages: { getDiagnostics: () => [] },
  commands: {
    registerCommand: (name: string, run: Run) => {
      registered.set(name, run);
      return new FakeDisposable(() => registered.delete(name));
    },
    executeCommand: async (...given: readonly unknown[]) => void editor.executed.push(given),
  },
  ViewColumn: { One: 1, Beside: -2 },
  window: {
    get state() {
      return { focused: editor.isFocused };
    },
    onDidChangeWindowState: windowState.listen,
    visibleTextEditors: [],
    onDidChangeActiveTextEditor: () => new FakeDisposable(),
    onDidChangeTextEditorSelection: selections.listen,
    registerWebviewPanelSerializer: () => new FakeDisposable(),
    createWebviewPanel: () => {
      editor.panel = new FakePanel();
      return editor.panel;
    },
    showInformationMessage: say,
    showWarningMessage: say,
    showErrorMessage: say,
    showQuickPick: async (items: readonly unknown[], { title }: { readonly title: string }) => {
      editor.said.push(title);
      return editor.picks === 0 ? undefined : items.slice(0, editor.picks);
    },
    showTextDocument: async () => undefined,
    withProgress: (_: unknown, work: () => unknown) => work(),
    get activeTextEditor() {
      const { document, line } = editor;
      return document && { document, selection: { active: { line } } };
    },
  },
  workspace: {
    onDidCloseTextDocument: () => new FakeDisposable(),
    onDidOpenTextDocument: () => new FakeDisposable(),
    createFileSystemWatcher: () => new FakeDisposable(),
    get textDocuments() {
      return [...(editor.document ? [editor.document] : []), ...editor.others];
    },
    getWorkspaceFolder: () => ({}),
    get isTrusted() {
      return editor.isTrusted;
    },
    getConfiguration: (section: string) => ({
      get: (key: string, otherwise: unknown) => editor.settings[`${section}.${key}`] ?? otherwise,
    }),
    openTextDocument: async (uri: FakeUri) =>
      [editor.document, editor.savedAs].find((one) => String(one?.uri) === String(uri)) ??
      fakeDocument(String(uri)),
    registerTextDocumentContentProvider: () => new FakeDisposable(),
    save: async () => editor.savedAs?.uri,
  },
};
