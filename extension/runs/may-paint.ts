// Whether anything may be painted from this workspace: the one place where that is asked and its refusal is said.
import { commands, window, workspace } from "vscode";

/** Says why not, and leads to the page where the workspace is trusted. */
export async function mayPaint(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const trust = "Manage trust";
  const answer = await window.showWarningMessage(
    "A recipe names files to read and to write, so FreCaS runs none in a workspace that is not trusted.",
    trust,
  );
  if (answer === trust) await commands.executeCommand("workbench.trust.manage");
  return false;
}

/**
 * Rejects in a workspace that is not trusted. For whatever starts a daemon, which paints what waits as soon as it is up:
 * no command may do that from there, not even one that stops or pauses.
 */
export async function requireTrust(): Promise<void> {
  if (!workspace.isTrusted) throw new UntrustedWorkspace();
}

/** `tellFailure` tells it as `mayPaint` does. */
export class UntrustedWorkspace extends Error {}
