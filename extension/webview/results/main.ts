// The page of the results panel: hears of pictures, shows the newest.
/// <reference types="vscode-webview" />
import type { FromResults, ToResults } from "../../panel/messages.ts";

const editor = acquireVsCodeApi();
const tell = (message: FromResults): void => editor.postMessage(message);
const picture = document.createElement("img");
document.body.append(picture);

addEventListener("message", ({ data }: MessageEvent<ToResults>) => {
  if (data.kind === "recipe") editor.setState({ target: { uri: data.uri, name: data.name } });
  if (data.kind !== "pictures") return;
  const [newest] = data.pictures;
  picture.hidden = newest === undefined;
  if (newest !== undefined) picture.src = newest.source;
});
addEventListener("keydown", ({ key }) => {
  if (key === "Escape") tell({ kind: "leave" });
});
tell({ kind: "ready" });
