// A page's HTML and its policy: nothing but its own script and style sheet, and pictures. Both are files, so the policy
// needs neither nonces nor inline code, and nothing in a page reaches the network.

interface PageFiles {
  /** Addresses that the page can load. */
  readonly script: string;
  readonly style: string;
  /** Where such addresses come from, as a policy names it. */
  readonly cspSource: string;
  readonly title: string;
}

export function pageHtml({ script, style, cspSource, title }: PageFiles): string {
  const policy = [
    "default-src 'none'",
    `script-src ${cspSource}`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    "worker-src blob:",
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
<link rel="stylesheet" href="${style}">
</head>
<body>
<script src="${script}"></script>
</body>
</html>
`;
}
