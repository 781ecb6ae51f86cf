// The line that says what the recipe's runs do, with what can be done about it; where they do nothing, what is shown.
import { html } from "../make-element.ts";
import { setText, textButton } from "./controls.ts";
import type { PageCalls, PagePart } from "./page-part.ts";
import type { PageState } from "./page-state.ts";
import { shownSource } from "./sources.ts";
import { factsOf, paintedWords, spokenWords, workWords } from "./words.ts";

export function workLine({ tell, state }: PageCalls): PagePart {
  const words = html("span", { class: "words" });
  const spoken = html("span", { class: "spoken", role: "status", "aria-live": "polite" });
  const bar = html("div", { class: "bar" });
  const meter = html(
    "div",
    {
      class: "meter",
      role: "progressbar",
      "aria-label": "Progress",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    bar,
  );
  const withRun = (kind: "stop" | "retry") => (): void => {
    const { work } = state();
    if (work.kind !== "idle") tell({ kind, runId: work.runId });
  };
  const stop = textButton("Stop", { kind: "secondary", onClick: withRun("stop") });
  const goOn = textButton("Go on", { kind: "primary", onClick: () => tell({ kind: "goOn" }) });
  goOn.title = "Starts it again; runs go on from their last checkpoint.";
  const retry = textButton("Retry", { kind: "primary", onClick: withRun("retry") });
  const log = textButton("Log", { kind: "secondary", onClick: () => tell({ kind: "openLog" }) });
  const row = html("div", { class: "row" }, words, stop, goOn, retry, log);
  const element = html("section", { class: "work", "aria-label": "Run" }, row, meter, spoken);
  return {
    element,
    show: (state: PageState) => {
      const { work } = state;
      element.dataset["kind"] = work.kind;
      // The line keeps its place when a run ends, so that the picture below does not jump.
      setText(words, work.kind === "idle" ? pictureWords(state) : workWords(work));
      setText(spoken, work.kind === "idle" ? endWords(state) : spokenWords(work));
      stop.hidden = work.kind !== "running" && work.kind !== "waiting";
      setText(stop, work.kind === "running" && work.isStopping ? "Stop at Once" : "Stop");
      goOn.hidden = work.kind !== "lost";
      retry.hidden = work.kind !== "failed" && work.kind !== "cancelled";
      log.hidden = work.kind !== "failed";
      meter.classList.toggle("idle", work.kind !== "running");
      if (work.kind !== "running") return;
      const share = work.place?.share ?? 0;
      bar.style.transform = `scaleX(${share})`;
      meter.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      meter.classList.toggle("unknown", work.place === null);
    },
  };
}

/** What a run painted is known a moment after its end. */
function endWords({ painted, pictures }: PageState): string {
  return paintedWords((pictures ?? []).filter(({ runId }) => runId !== null && runId === painted));
}

function pictureWords(state: PageState): string {
  const picture = shownSource(state)?.picture;
  return picture == null ? "" : factsOf(picture);
}
