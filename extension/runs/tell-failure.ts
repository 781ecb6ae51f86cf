// A failure in one message, with the next step one click away, and the cursor where it is about.
import {
  commands,
  DiagnosticSeverity,
  type LogOutputChannel,
  languages,
  Range,
  Selection,
  type TextDocument,
  window,
} from "vscode";
import { Failure } from "../../daemon/base/failure.ts";
import { failureOffers } from "./failure-offers.ts";
import { mayPaint, UntrustedWorkspace } from "./may-paint.ts";
import { plainMessage } from "./plain-message.ts";
import { readRefusal } from "./refusal.ts";

/** Whatever was thrown. The log gets the failure's stable name, for its sentence may say what a recipe says. */
export async function tellFailure(
  error: unknown,
  log: LogOutputChannel,
  document?: TextDocument,
): Promise<void> {
  if (error instanceof UntrustedWorkspace) {
    await mayPaint();
    return;
  }
  const failure = error instanceof Failure ? error : undefined;
  log.error(failure?.code ?? String(error));
  const { text, line } = readRefusal(
    error instanceof Error ? error.message : String(error),
    document?.uri.fsPath ?? "",
  );
  if (document !== undefined && line !== undefined) await goToProblem(document, line);
  const offers = failureOffers(failure?.code, line !== undefined);
  const titles = offers.map(({ title }) => title);
  const answer = await window.showErrorMessage(plainMessage(text), ...titles);
  const chosen = offers.find(({ title }) => title === answer);
  if (chosen !== undefined) await commands.executeCommand(chosen.command);
}

/** To the first error of that line, else to the line. */
async function goToProblem(document: TextDocument, line: number): Promise<void> {
  const errors = languages
    .getDiagnostics(document.uri)
    .filter(({ severity }) => severity === DiagnosticSeverity.Error)
    .toSorted((one, other) => one.range.start.compareTo(other.range.start));
  const found = errors.find(({ range }) => range.start.line === line)?.range;
  const range = found ?? document.validateRange(new Range(line, 0, line, Number.MAX_SAFE_INTEGER));
  const editor = await window.showTextDocument(document, { preserveFocus: false });
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range);
}
