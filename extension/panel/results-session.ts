// One panel from its opening to its end: tells its page what the recipe's runs do, and does what the page asks for.
import { basename, dirname } from "node:path";
import { type Disposable, Uri, ViewColumn, type WebviewPanel } from "vscode";
import type { RunPreview } from "../../daemon/protocol/preview.ts";
import type { FeedChange } from "../client/run-feed.ts";
import { isRunOf, type RecipePlace, runsOf } from "../runs/recipe-runs.ts";
import type { ResultsTarget } from "../runs/run-parts.ts";
import { throttle } from "../runs/throttle.ts";
import { answerPage } from "./answer-page.ts";
import { comparedRuns, describeComparison } from "./comparison.ts";
import { describeWork } from "./describe-work.ts";
import { type FoundPicture, openPictureFinder, resultsFolder } from "./find-pictures.ts";
import { followRun } from "./follow-run.ts";
import {
  fromResultsSchema,
  type ShownPicture,
  type ShownPreview,
  type ToResults,
} from "./messages.ts";
import { paintersOf } from "./painters.ts";
import { openPlanReader } from "./plan-reader.ts";
import { readMaps } from "./read-maps.ts";
import { resourceRoots } from "./resource-roots.ts";
import type { ResultsParts } from "./results-parts.ts";
import { webviewFolder, webviewPage } from "./webview-page.ts";

/** Between two looks at all runs: a large sweep comes as many events at once. */
const leastPauseMs = 200;

export class ResultsSession implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #parts: ResultsParts;
  readonly #finder = openPictureFinder();
  readonly #plans: ReturnType<typeof openPlanReader>;
  readonly #listening: readonly { dispose(): void }[];
  /** The last preview of each stage of the run that is painted. */
  readonly #previews = new Map<number, ShownPreview>();
  readonly #runsChanged = throttle(() => this.#tellRuns(), leastPauseMs);
  #target: ResultsTarget;
  /** Whether the page still has to leave what was chosen in it for what the target asks for. */
  #isAsked: boolean;
  /** Whether there is a page that hears: a hidden one is gone, and loaded again when it is shown. */
  #isLoaded = false;
  /** Of the documents of the recipe's file, once the language server has told them. */
  #names: readonly string[] = [];
  #pictures: readonly FoundPicture[] = [];
  /** Calls for a search of pictures so far: one runs at a time, and its end begins another where it was called for again. */
  #wanted = 0;
  #isSearching = false;
  #isForgotten = false;

  constructor(panel: WebviewPanel, target: ResultsTarget, parts: ResultsParts) {
    this.#panel = panel;
    this.#parts = parts;
    this.#target = target;
    this.#isAsked = target.view !== undefined || target.runId !== undefined;
    this.#plans = openPlanReader(parts.feed, () => this.#tellComparison());
    this.#listening = [
      panel.webview.onDidReceiveMessage((message: unknown) => this.#hear(message)),
      panel.onDidChangeViewState(() => this.#seeWhetherShown()),
      panel.onDidDispose(() => this.#forget()),
      parts.feed.onChange((change) => this.#follow(change)),
      this.#runsChanged,
      parts.language.onPlansChanged((uri) => {
        if (Uri.parse(uri).fsPath === this.#place.file) void this.#readNames();
      }),
    ];
    void this.#readNames();
    this.#setTitle();
    this.#allow([]);
    panel.webview.html = webviewPage(panel.webview, parts.extension, {
      name: "results",
      title: "Results",
    });
  }

  /** Shows this recipe from now on: the run that is named, else the newest result. */
  turnTo(target: ResultsTarget): void {
    const { uri, name } = this.#target;
    if (target.uri !== uri) this.#names = [];
    if (target.uri !== uri || target.name !== name) this.#pictures = [];
    this.#target = target;
    this.#isAsked = true;
    void this.#readNames();
    this.#previews.clear();
    this.#setTitle();
    this.#panel.reveal(undefined, true);
    this.#tellAll();
    if (this.#isLoaded) this.#tellWish();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #forget(): void {
    this.#isForgotten = true;
    for (const listening of this.#listening) listening.dispose();
  }

  get #place(): RecipePlace {
    const { uri, name } = this.#target;
    return { file: Uri.parse(uri).fsPath, name, names: this.#names };
  }

  async #readNames(): Promise<void> {
    const { uri } = this.#target;
    const names = await this.#parts.language.names(Uri.parse(uri)).catch(() => []);
    if (this.#isForgotten || uri !== this.#target.uri || isSameList(names, this.#names)) return;
    this.#names = names;
    this.#tellRuns();
  }

  #setTitle(): void {
    const { file, name } = this.#place;
    this.#panel.title = `Results of ${name === "" ? basename(file) : name}`;
  }

  /** Nothing to a page that is closed, which would throw. */
  #tell(message: ToResults): void {
    if (this.#isForgotten) return;
    void this.#panel.webview.postMessage(message);
  }

  #tellAll(): void {
    const { uri, name } = this.#target;
    this.#tell({ kind: "recipe", uri, name, file: basename(this.#place.file) });
    this.#tellWork();
    this.#tellComparison();
    for (const preview of this.#previews.values()) this.#tell({ kind: "preview", preview });
    this.#tellLastPreview();
    this.#tellPictures();
    void this.#findPictures();
  }

  #begin(): void {
    this.#isLoaded = true;
    this.#tellAll();
    this.#tellWish();
  }

  /** Once: a page that is loaded again begins as it was left. */
  #tellWish(): void {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    const { view = "picture", runId } = this.#target;
    const { runs } = this.#parts.feed.snapshot();
    const { path, notice } = followRun(runId, runsOf(this.#place, runs), paintersOf(runs));
    this.#tell({ kind: "follow", view, path });
    if (notice !== "") this.#tell({ kind: "notice", tone: "info", text: notice });
  }

  #seeWhetherShown(): void {
    if (this.#panel.visible) void this.#findPictures();
    else this.#isLoaded = false;
  }

  #tellWork(): void {
    const { feed, paces } = this.#parts;
    const { link, runs, paused, waiting } = feed.snapshot();
    const nowMs = Date.now();
    const work = describeWork(runsOf(this.#place, runs), {
      link,
      paused,
      waiting,
      pace: (id) => paces.of(id),
      nowMs,
    });
    this.#tell({ kind: "work", work });
  }

  #tellComparison(): void {
    const { runs, link } = this.#parts.feed.snapshot();
    const compared = comparedRuns(runsOf(this.#place, runs));
    const plans = this.#plans.read(link === "up" ? compared.map(({ id }) => id) : []);
    const members = describeComparison(compared, plans, paintersOf(runs));
    this.#tell({ kind: "comparison", members });
  }

  #follow(change: FeedChange): void {
    if (change.kind === "preview") this.#showPreview(change.preview);
    else if (change.kind === "runs" || change.kind === "link") this.#runsChanged.call();
    else if (this.#isOurs(change.id)) {
      if (change.kind === "run") this.#runsChanged.call();
      else if (change.event.kind === "step") this.#tellWork();
    }
  }

  #tellRuns(): void {
    this.#tellWork();
    this.#tellComparison();
    void this.#findPictures();
  }

  /** Of a run that was painted before this panel was there. */
  #tellLastPreview(): void {
    const { feed } = this.#parts;
    const running = feed.snapshot().runs.findLast(({ state }) => state.kind === "running");
    const preview = running === undefined ? undefined : feed.preview(running.id);
    if (preview !== undefined) this.#showPreview(preview);
  }

  #isOurs(runId: number): boolean {
    const run = this.#parts.feed.snapshot().runs.find(({ id }) => id === runId);
    return run !== undefined && isRunOf(this.#place, run);
  }

  #showPreview({ id, stage, step, png }: RunPreview): void {
    if (!this.#isOurs(id)) return;
    if ([...this.#previews.values()].some(({ runId }) => runId !== id)) this.#previews.clear();
    const preview = { runId: id, stage, step, png };
    this.#previews.set(stage, preview);
    this.#tell({ kind: "preview", preview });
  }

  async #findPictures(): Promise<void> {
    this.#wanted += 1;
    if (this.#isSearching) return;
    this.#isSearching = true;
    try {
      for (let search = 0; search !== this.#wanted && !this.#isForgotten; ) {
        search = this.#wanted;
        await this.#search(this.#target);
      }
    } finally {
      this.#isSearching = false;
    }
  }

  async #search(target: ResultsTarget): Promise<void> {
    const pictures = await this.#finder.find(this.#place, this.#parts.feed.snapshot().runs);
    if (target !== this.#target || this.#isForgotten) return;
    this.#pictures = pictures;
    this.#tellPictures();
  }

  #tellPictures(): void {
    this.#allow(this.#pictures.map(({ path }) => dirname(path)));
    this.#tell({
      kind: "pictures",
      pictures: this.#pictures.map((picture) => this.#toShown(picture)),
    });
  }

  #toShown({ path, recipe, runId, head, atMs, seconds, inside }: FoundPicture): ShownPicture {
    const sourceOf = (file: string): string =>
      String(this.#panel.webview.asWebviewUri(Uri.file(file).with({ query: `at=${atMs}` })));
    return {
      path,
      source: sourceOf(path),
      recipe,
      runId,
      ...head.size,
      seed: head.seed,
      atMs,
      seconds,
      stages: inside.stages.map(({ stage, path: file, size }) => ({
        stage,
        source: sourceOf(file),
        ...size,
      })),
      hasMaps: inside.maps !== null,
      lowSize: inside.lowSize,
    };
  }

  async #tellMaps(path: string): Promise<void> {
    const picture = this.#pictures.find((one) => one.path === path);
    const maps = picture === undefined ? null : await readMaps(picture.inside);
    this.#tell({ kind: "maps", path, maps });
  }

  /** Lets the page load pictures of these folders. No folder is taken away, for that too would load it anew. */
  #allow(folders: readonly string[]): void {
    const { webview } = this.#panel;
    const known = webview.options.localResourceRoots ?? [];
    const wanted = [resultsFolder(this.#place.file), this.#parts.traces, ...folders];
    const roots = resourceRoots(known, [
      webviewFolder(this.#parts.extension),
      ...wanted.map((folder) => Uri.file(folder)),
    ]);
    if (roots.length === known.length) return;
    this.#isLoaded = false;
    webview.options = { enableScripts: true, localResourceRoots: roots };
  }

  #hear(message: unknown): void {
    const { data } = fromResultsSchema.safeParse(message);
    if (data === undefined) return;
    if (data.kind === "ready") this.#begin();
    else if (data.kind === "maps") void this.#tellMaps(data.path);
    else if (data.kind === "look") void this.#findPictures();
    else
      void answerPage(data, {
        target: this.#target,
        column: this.#panel.viewColumn ?? ViewColumn.One,
        picture: (path) => this.#pictures.find((picture) => picture.path === path),
        notice: (tone, text) => this.#tell({ kind: "notice", tone, text }),
      });
  }
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
