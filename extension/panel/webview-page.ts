// The page that a panel loads: nothing but its own script and style sheet from dist/webview, and pictures. Both are
// files, so the policy needs neither nonces nor inline code, and nothing in a page reaches the network.
import { Uri, type Webview } from "vscode";

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
  const { cspSource } = webview;
  const policy = [
    "default-src 'none'",
    `script-src ${cspSource}`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${own(`${name}.css`)}">
</head>
<body>
<script src="${own(`${name}.js`)}"></script>
</body>
</html>
`;
}

/** Where pages may load their own files from, for `localResourceRoots`. */
export function webviewFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, "dist", "webview");
}
