// A completion without its place in the text.
import type { CompletionItem } from "vscode-languageserver";

export interface Proposal extends Omit<CompletionItem, "textEdit"> {
  /** What is written. */
  readonly text: string;
}
