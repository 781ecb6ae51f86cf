// The tree of runs in the side bar. What it holds is decided in run-tree.ts; here it meets the editor.
// Where it is looked at, the feed looks for a daemon at once instead of in a while; none is started for that.
import * as vscode from "vscode";
import { askOnly } from "../runs/ask-only.ts";
import { contextKeys } from "../runs/context-keys.ts";
import type { Paces } from "../runs/follow-paces.ts";
import { secondsLeft, shareDone } from "../runs/pace.ts";
import { tellFailure } from "../runs/tell-failure.ts";
import { compareTrees } from "./compare-trees.ts";
import type { Words } from "./describe-run.ts";
import { placeOf, planMoves } from "./plan-moves.ts";
import { contextValues, runsFor } from "./run-actions.ts";
import { type RunCommandParts, registerRunCommands } from "./run-commands.ts";
import { keepHistory, type RunNode, runTree, viewState } from "./run-tree.ts";
import { momentWords } from "./say-moment.ts";

export interface RunsViewParts extends RunCommandParts {
  readonly paces: Paces;
}

/** Shows the feed's runs until it is disposed. */
export function startRunsView(parts: RunsViewParts): vscode.Disposable {
  const { feed } = parts;
  const tree = new RunsTree(parts);
  const view = vscode.window.createTreeView("frecas.runs", {
    treeDataProvider: tree,
    dragAndDropController: dragRuns(parts, tree),
    canSelectMany: true,
    showCollapseAll: true,
  });
  const showState = (): void => {
    const { message, active } = viewState(feed.snapshot());
    const tooltip = `${active} painted or waiting`;
    view.badge = active === 0 ? undefined : { value: active, tooltip };
    // Each setting is a message to the editor, of equal words too.
    if (view.message !== message) view.message = message;
  };
  showState();
  return vscode.Disposable.from(
    view,
    tree,
    tree.onDidChangeTreeData(showState),
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) void feed.attach();
    }),
    registerRunCommands(parts, {
      all: () => tree.nodes(),
      chosen: () => view.selection.flatMap((id) => tree.node(id) ?? []),
      node: (id) => tree.node(id),
    }),
  );
}

/** How often it is drawn at most, whatever happens in the queue. */
const leastPauseMs = 200;

/** Elements are nodes' ids. */
class RunsTree implements vscode.TreeDataProvider<string> {
  readonly #parts: RunsViewParts;
  readonly #changes = new vscode.EventEmitter<string[] | undefined>();
  readonly #listening: { dispose(): void };
  readonly #context = contextKeys();
  readonly #history = keepHistory();
  readonly #moments = momentWords({ language: vscode.env.language });
  #nodes: readonly RunNode[] = [];
  #byId: ReadonlyMap<string, RunNode> = new Map();
  #parents: ReadonlyMap<string, string> = new Map();
  #pending: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changes.event;

  constructor(parts: RunsViewParts) {
    this.#parts = parts;
    this.#take();
    this.#listening = parts.feed.onChange(({ kind }) => {
      if (kind !== "preview") this.#pending ??= setTimeout(() => this.#update(), leastPauseMs);
    });
  }

  nodes(): readonly RunNode[] {
    return this.#nodes;
  }

  node(id: string): RunNode | undefined {
    return this.#byId.get(id);
  }

  getChildren(id?: string): string[] {
    const nodes = id === undefined ? this.#nodes : (this.#byId.get(id)?.children ?? []);
    return nodes.map((node) => node.id);
  }

  getParent(id: string): string | undefined {
    return this.#parents.get(id);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const node = this.#byId.get(id);
    return node === undefined ? new vscode.TreeItem("") : itemOf(node);
  }

  dispose(): void {
    clearTimeout(this.#pending);
    this.#listening.dispose();
    this.#changes.dispose();
  }

  #update(): void {
    this.#pending = undefined;
    const change = compareTrees(this.#nodes, this.#take());
    this.#changes.fire(change.kind === "all" ? undefined : [...change.ids]);
  }

  #take(): readonly RunNode[] {
    const { feed, paces } = this.#parts;
    const known = feed.snapshot();
    const nowMs = Date.now();
    const words: Words = {
      today: this.#moments.dayOf(nowMs),
      showTime: (atMs) => this.#moments.say(atMs, nowMs),
      secondsLeft: (id) => {
        const pace = paces.of(id);
        return pace === undefined ? null : secondsLeft(pace, nowMs);
      },
      shareDone: (id) => {
        const pace = paces.of(id);
        return pace === undefined ? null : shareDone(pace);
      },
    };
    this.#nodes = runTree(known, words, this.#history);
    const byId = new Map<string, RunNode>();
    const parents = new Map<string, string>();
    const note = (node: RunNode): void => {
      byId.set(node.id, node);
      for (const child of node.children) {
        parents.set(child.id, node.id);
        note(child);
      }
    };
    for (const node of this.#nodes) note(node);
    this.#byId = byId;
    this.#parents = parents;
    for (const [key, value] of Object.entries(contextValues(this.#nodes, known)))
      this.#context.set(key, value);
    return this.#nodes;
  }
}

function itemOf(node: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, collapsibleStateOf(node));
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.context;
  const spoken = [node.label, node.description].filter((words) => words !== "");
  item.accessibilityInformation = { label: spoken.join(", ") };
  if (node.kind !== "section") item.tooltip = node.tooltip.join("\n");
  if (node.kind === "recipe") item.iconPath = new vscode.ThemeIcon("symbol-file");
  if (node.kind === "run") {
    const colour = node.colour === null ? undefined : new vscode.ThemeColor(node.colour);
    item.iconPath = new vscode.ThemeIcon(node.icon, colour);
    const command = commandOf(node);
    if (command !== undefined) item.command = command;
  }
  return item;
}

function collapsibleStateOf(node: RunNode): vscode.TreeItemCollapsibleState {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  if (node.kind === "run") return None;
  return node.kind === "section" || node.isOpen ? Expanded : Collapsed;
}

function commandOf({ opens, run }: Extract<RunNode, { kind: "run" }>): vscode.Command | undefined {
  switch (opens.kind) {
    case "results": {
      const uri = String(vscode.Uri.file(opens.file));
      const target = { uri, name: opens.name, runId: run };
      return { command: "frecas.show", title: "Show the Results", arguments: [target] };
    }
    case "picture": {
      const path = vscode.Uri.file(opens.path);
      return { command: "vscode.open", title: "Show the Picture", arguments: [path] };
    }
    case "failure":
      return { command: "frecas.showFailure", title: "Say Why", arguments: [{ id: run }] };
    case "nothing":
      return undefined;
    default:
      return opens satisfies never;
  }
}

const mimeType = "application/vnd.code.tree.frecas.runs";

/** Only runs that wait are moved, and only among each other. */
function dragRuns(
  { feed, log }: RunsViewParts,
  tree: RunsTree,
): vscode.TreeDragAndDropController<string> {
  return {
    dragMimeTypes: [mimeType],
    dropMimeTypes: [mimeType],
    handleDrag: (ids, data) => {
      data.set(mimeType, new vscode.DataTransferItem([...ids]));
    },
    handleDrop: async (target, data) => {
      const ids: unknown = data.get(mimeType)?.value;
      const place = placeOf(target === undefined ? undefined : tree.node(target));
      if (!Array.isArray(ids) || place === null) return;
      const dragged = runsFor(
        "first",
        ids.flatMap((id) => tree.node(String(id)) ?? []),
      );
      try {
        for (const move of planMoves(dragged, place, feed.snapshot().waiting))
          await askOnly({ feed, log }, "move", move);
      } catch (error) {
        void tellFailure(error, log);
      }
    },
  };
}
