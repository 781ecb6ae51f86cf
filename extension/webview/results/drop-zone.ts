// Pictures that are dropped on the page: from the system as files, from the editor as addresses. Their recipes are opened.
import { html } from "../make-element.ts";
import type { PageCalls } from "./page-part.ts";

/** Listens on the whole page; the element says so while something is held over it. */
export function dropZone({ tell, act }: PageCalls): HTMLElement {
  const element = html(
    "div",
    { class: "drop", "aria-hidden": "true" },
    html("span", {}, "Drop the picture to open its recipe"),
  );
  const hold = (event: DragEvent): void => {
    // Before the editor hears of it, which would take the file itself.
    event.preventDefault();
    event.stopPropagation();
    element.classList.add("shown");
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) element.classList.remove("shown");
  };
  addEventListener("dragenter", hold, { capture: true });
  addEventListener("dragover", hold, { capture: true });
  addEventListener("dragleave", leave, { capture: true });
  addEventListener(
    "drop",
    (event) => {
      hold(event);
      element.classList.remove("shown");
      const { dataTransfer } = event;
      if (dataTransfer === null) return;
      readDropped(dataTransfer, { tell, act }).catch((error: unknown) =>
        act({ kind: "notice", tone: "error", text: `The file cannot be read: ${String(error)}` }),
      );
    },
    { capture: true },
  );
  return element;
}

/** The editor takes no more. */
const mostBytes = 256 * 2 ** 20;

async function readDropped(
  data: DataTransfer,
  { tell, act }: Pick<PageCalls, "tell" | "act">,
): Promise<void> {
  // Both are read before the first await, after which there is nothing in them.
  const [file] = data.files;
  const uri = firstUri(data);
  if (file !== undefined && file.size > mostBytes) {
    const text = `${file.name} is too large to be looked into.`;
    act({ kind: "notice", tone: "error", text });
  } else if (file !== undefined) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    tell({ kind: "dropped", name: file.name, bytes });
  } else if (uri !== undefined) tell({ kind: "droppedUri", uri });
  else act({ kind: "notice", tone: "error", text: "Drop a PNG file: this was none." });
}

/** The editor's explorer gives its own list besides the usual one. */
function firstUri(data: DataTransfer): string | undefined {
  const list = data.getData("application/vnd.code.uri-list") || data.getData("text/uri-list");
  return list.split(/\r?\n/).find((line) => line !== "" && !line.startsWith("#"));
}
