// The commands that show what this machine and its daemon say: the log, what there is to paint on, the models.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { commands, Disposable, env, ProgressLocation, type QuickPickItem, window } from "vscode";
import { mayPaint } from "./may-paint.ts";
import type { RunParts } from "./run-parts.ts";
import { showDoctor } from "./show-doctor.ts";
import { showLog } from "./show-log.ts";
import { tellFailure } from "./tell-failure.ts";
import { openTextPages, type TextPages } from "./text-pages.ts";

/** `stateFolder` is the daemon's. */
export function registerPages(parts: RunParts, stateFolder: string): Disposable {
  const pages = openTextPages();
  const register = (name: string, work: () => Promise<void>): Disposable =>
    commands.registerCommand(name, () => work().catch((error) => tellFailure(error, parts.log)));
  return Disposable.from(
    pages,
    register("frecas.openLog", () => openLog(join(stateFolder, "logs"), pages)),
    register("frecas.doctor", () => doctor(parts, pages)),
    register("frecas.models", () => models(parts)),
  );
}

async function openLog(folder: string, pages: TextPages): Promise<void> {
  const [daemon, engine] = await Promise.all(
    ["daemon.log", "engine.log"].map((name) => readEnd(join(folder, name))),
  );
  await pages.show("FreCaS log", showLog(folder, { daemon: daemon ?? "", engine: engine ?? "" }));
}

const mostBytes = 256 * 1024;

/** The file's last lines; "" where there is none. */
async function readEnd(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const length = Math.min(size, mostBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString("utf8");
    // The first line is whole only where the file is read from its start.
    return length < size ? text.slice(text.indexOf("\n") + 1) : text;
  } finally {
    await file.close();
  }
}

async function doctor({ feed }: RunParts, pages: TextPages): Promise<void> {
  if (!(await mayPaint())) return;
  const title = "Trying what there is to paint on, after the run that is painted";
  const report = await window.withProgress({ location: ProgressLocation.Notification, title }, () =>
    feed.ask("doctor", {}),
  );
  await pages.show("FreCaS doctor", showDoctor(report));
}

/** Shows the models; the chosen one's name is written into the recipe at the cursor, or copied where none is open. */
async function models({ feed }: RunParts): Promise<void> {
  if (!(await mayPaint())) return;
  const { models: found } = await feed.ask("models", {});
  const items = found.map(
    (model): QuickPickItem => ({
      label: String(model["name"]),
      description: [model["family"], model["precision"], model["source"]]
        .filter(Boolean)
        .join(" · "),
      detail:
        model["state"] === "complete"
          ? String(model["path"])
          : `cannot paint: ${String(model["why"] ?? model["missing"])}`,
    }),
  );
  const editor = window.activeTextEditor;
  const recipe = editor?.document.languageId === "frecas" ? editor : undefined;
  const picked = await window.showQuickPick(items, {
    title: "Models on this machine",
    placeHolder: `The chosen one's name is ${recipe === undefined ? "copied" : "written at the cursor"}`,
    matchOnDescription: true,
  });
  if (picked === undefined) return;
  if (recipe === undefined) await env.clipboard.writeText(picked.label);
  else await recipe.edit((edit) => edit.replace(recipe.selection, picked.label));
}
