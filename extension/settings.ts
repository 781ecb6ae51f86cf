// The settings of the extension: the one place where they are read. package.json has their defaults and what they do.
import { type Disposable, workspace } from "vscode";

/** When the end of a run is told in a notification; failures are told in `always` and in `unfocused`. */
export type NotificationSetting = "unfocused" | "always" | "never";

export interface Settings {
  readonly lensEnabled: boolean;
  /** Whether the results panel shows a run while it is painted. */
  readonly previewLive: boolean;
  readonly notifications: NotificationSetting;
  readonly openResultsOnGenerate: boolean;
  /** How long a daemon that this editor starts stays without work and clients. */
  readonly keepDaemonMs: number;
}

const section = "frecas";

/** As they are now. */
export function readSettings(): Settings {
  const settings = workspace.getConfiguration(section);
  const read = <T>(key: string, otherwise: T): T => settings.get(key, otherwise);
  return {
    lensEnabled: read("lens.enabled", true),
    previewLive: read("preview.live", true),
    notifications: read<NotificationSetting>("notifications", "unfocused"),
    openResultsOnGenerate: read("openResultsOnGenerate", true),
    keepDaemonMs: millisecondsOf(read<unknown>("keepDaemonMinutes", usualMinutes)),
  };
}

const usualMinutes = 10;

/** What is no number of minutes, which settings.json may hold all the same, counts as the default: the daemon refuses it. */
function millisecondsOf(minutes: unknown): number {
  const milliseconds = typeof minutes === "number" ? 60_000 * minutes : Number.NaN;
  return Number.isFinite(milliseconds) && milliseconds >= 0 ? milliseconds : 60_000 * usualMinutes;
}

/** Calls `listener` after one of them has changed. */
export function onSettingsChanged(listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(section)) listener();
  });
}
