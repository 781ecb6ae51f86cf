// The page that a panel loads, with its script and style sheet from dist/webview.
import { Uri, type Webview } from "vscode";
import { pageHtml } from "./page-html.ts";

export interface WebviewPage {
  /** dist/webview/<name>.js and dist/webview/<name>.css. */
  readonly name: string;
  /** For screen readers. */
  readonly title: string;
}

/** The page's HTML. `extension` is the extension's folder. */
export function webviewPage(
  webview: Pick<Webview, "cspSource" | "asWebviewUri">,
  extension: Uri,
  { name, title }: WebviewPage,
): string {
  const own = (file: string): string =>
    String(webview.asWebviewUri(Uri.joinPath(webviewFolder(extension), file)));
  const files = { script: own(`${name}.js`), style: own(`${name}.css`) };
  return pageHtml({ ...files, title, cspSource: webview.cspSource });
}

/** Where pages may load their own files from, for `localResourceRoots`. */
export function webviewFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, "dist", "webview");
}
