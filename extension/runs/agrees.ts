// A question before something is lost.
import { window } from "vscode";

export interface Question {
  readonly sentence: string;
  readonly detail: string;
  /** The button that goes on. */
  readonly yes: string;
}

/** Whether the user says yes. */
export async function agrees({ sentence, detail, yes }: Question): Promise<boolean> {
  return (await window.showWarningMessage(sentence, { modal: true, detail }, yes)) === yes;
}
