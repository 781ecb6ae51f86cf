// Texts to read in the editor that are in no file: the log, what there is to paint on.
import { Disposable, EventEmitter, Uri, window, workspace } from "vscode";

const scheme = "frecas-page";

export interface TextPages extends Disposable {
  /** Shows the text read-only, in the place of what was shown under that title before. */
  show(title: string, text: string): Promise<void>;
}

export function openTextPages(): TextPages {
  const texts = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  const registered = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? "",
  });
  return {
    show: async (title, text) => {
      const uri = Uri.from({ scheme, path: title });
      texts.set(uri.path, text);
      changed.fire(uri);
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    },
    dispose: () => Disposable.from(changed, registered).dispose(),
  };
}
