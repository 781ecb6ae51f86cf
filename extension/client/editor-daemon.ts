// The daemon as the editor begins it: on the editor's own runtime, so that users need no Node of their own.
import { join } from "node:path";
import { homeFolder } from "../../daemon/base/home-folder.ts";
import type { DaemonStarter } from "../../daemon/client/connect-daemon.ts";
import { spawnDaemon } from "../../daemon/client/spawn-daemon.ts";
import { type DaemonPlaces, daemonPlaces } from "../../daemon/protocol/daemon-places.ts";
import manifest from "../../package.json" with { type: "json" };

interface EditorDaemon extends DaemonStarter {
  readonly places: DaemonPlaces;
}

/** `bundle` is the absolute path of the daemon's; `mayStart` rejects where none may be started, and is asked at each start. */
export function editorDaemon(bundle: string, mayStart: () => Promise<void>): EditorDaemon {
  const { env, platform } = process;
  return {
    places: daemonPlaces({ platform, env, home: homeFolder() }),
    version: manifest.version,
    start: async () => {
      await mayStart();
      await spawnDaemon(bundle, { ...env, ELECTRON_RUN_AS_NODE: "1" });
    },
  };
}

/** Where the daemon of this state folder keeps what its runs' stages looked like. */
export function tracesFolder(state: string): string {
  return join(state, "traces");
}
