// Problems that have a fix → the code actions that write it.
import type { CodeAction, Diagnostic } from "vscode-languageserver";

/** One action for each diagnostic of `diagnose` that carries a fix. */
export function quickFixes(diagnostics: readonly Diagnostic[], uri: string): CodeAction[] {
  return diagnostics.flatMap((diagnostic): CodeAction[] => {
    const { data: fix, range } = diagnostic;
    if (typeof fix !== "string" || diagnostic.source !== "frecas") return [];
    return [
      {
        title: `Write ${fix}`,
        kind: "quickfix",
        isPreferred: true,
        diagnostics: [diagnostic],
        edit: { changes: { [uri]: [{ range, newText: fix }] } },
      },
    ];
  });
}
