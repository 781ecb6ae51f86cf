// All that the editor shows of recipes' runs outside the panels, and the commands about them.
import { Disposable } from "vscode";
import { showLenses } from "./lens-provider.ts";
import { tellEnds } from "./notify.ts";
import { registerCommands } from "./register-commands.ts";
import { registerPages } from "./register-pages.ts";
import type { RunParts } from "./run-parts.ts";
import { showStatus } from "./status-bar.ts";

/** `stateFolder` is the daemon's. */
export function startRuns(parts: RunParts, stateFolder: string): Disposable {
  return Disposable.from(
    registerCommands(parts),
    registerPages(parts, stateFolder),
    showLenses(parts),
    showStatus(parts),
    tellEnds(parts),
  );
}
