// What can be looked at: finished pictures, and what stages looked like. Knows no DOM.
import type { ShownPicture, ShownPreview } from "../../panel/messages.ts";
import type { PageState } from "./page-state.ts";
import type { Extent } from "./zoom.ts";

export interface Source {
  /** A picture's path, or `stage` with its number. */
  readonly key: string;
  /** For people. */
  readonly label: string;
  readonly url: string;
  /** Pixels of the finished picture, whose place a preview takes. */
  readonly size: Extent;
  /** Null for what is on no disk. */
  readonly picture: ShownPicture | null;
}

/** Everything that can be chosen: stages first, then pictures, newest first. */
export function allSources(state: PageState): readonly Source[] {
  const pictures = (state.pictures ?? []).map(pictureSource);
  return [...stageSources(state), ...pictures];
}

/** What stages looked like at their ends: of the run that is painted, else of the picture that is looked at. */
function stageSources(state: PageState): readonly Source[] {
  const { previews, pictures } = state;
  const size = watchedSize(state);
  if (size !== undefined)
    return previews.map((preview) => stageSource(preview.stage, previewUrl(preview), size));
  const picture = pictures?.find(({ path }) => path === subjectOf(state)) ?? pictures?.[0];
  if (picture === undefined) return [];
  if (picture.stages.length > 0)
    return picture.stages.map(({ stage, source }) => stageSource(stage, source, picture));
  // The newest one's run may have been watched, though nothing of it is kept.
  const watched =
    picture === pictures?.[0] ? previews.filter(({ runId }) => runId === picture.runId) : [];
  return watched.map((preview) => stageSource(preview.stage, previewUrl(preview), picture));
}

/** Of the run that the previews are of, while it is painted, and while no daemon is there to paint it. */
function watchedSize({ previews, work }: PageState): Extent | undefined {
  if (work.kind !== "running" && work.kind !== "lost") return undefined;
  return previews.at(-1)?.runId === work.runId ? work.size : undefined;
}

/** The picture whose stages can be chosen: the one that was chosen itself. */
function subjectOf({ view, chosen, after }: PageState): string | null {
  return view === "compare" ? after : chosen;
}

/** It lies where the finished picture does. */
function stageSource(stage: number, url: string, { width, height }: Extent): Source {
  const name = `Stage ${stage + 1}`;
  return { key: name.toLowerCase(), label: name, url, size: { width, height }, picture: null };
}

/** What an image loads. */
export function previewUrl({ png }: ShownPreview): string {
  return `data:image/png;base64,${png}`;
}

function pictureSource(picture: ShownPicture): Source {
  const { path, source, width, height } = picture;
  return { key: path, label: fileName(path), url: source, size: { width, height }, picture };
}

/** The last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** What the picture view shows: the choice, else the run that is painted, else the newest picture. */
export function shownSource(state: PageState): Source | undefined {
  const sources = allSources(state);
  return sources.find(({ key }) => key === state.chosen) ?? liveSource(state) ?? newest(sources);
}

/** The last preview of the run that is painted, or was when the daemon ended. */
export function liveSource(state: PageState): Source | undefined {
  return watchedSize(state) === undefined ? undefined : stageSources(state).at(-1);
}

function newest(sources: readonly Source[]): Source | undefined {
  return sources.find(({ picture }) => picture !== null);
}

/** What is compared: the choices, else the first stage or the picture before with the newest. */
export function comparedSources(state: PageState): {
  readonly before: Source | undefined;
  readonly after: Source | undefined;
} {
  const sources = allSources(state);
  const find = (wanted: string | null): Source | undefined =>
    sources.find(({ key }) => key === wanted);
  const after = find(state.after) ?? liveSource(state) ?? newest(sources);
  const others = sources.filter(({ key }) => key !== after?.key);
  return { before: find(state.before) ?? others[0], after };
}
