// What every command gets: where things are on this machine, and where words go. The command line reads its environment here.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homeFolder } from "../base/home-folder.ts";
import { ownCacheFolder } from "../planner/cache-folder.ts";
import { machineOf } from "../planner/machine.ts";
import type { Planning } from "../planner/plan-recipes.ts";
import { type DaemonPlaces, daemonPlaces } from "../protocol/daemon-places.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

export interface CliContext extends Planning {
  readonly terminal: Terminal;
  /** Folder that relative paths start at. */
  readonly cwd: string;
  /** Details of the last crash. */
  readonly crashLog: string;
  /** The engine's bundle. */
  readonly engine: string;
  /** Where the daemon is to be found; its bundle. */
  readonly daemon: DaemonPlaces & { readonly bundle: string };
  /** Registers a listener for Ctrl-C; returns how to remove it. */
  onInterrupt(listener: () => void): () => void;
}

/** `bundle` is the URL of dist/cli.js; the package's root is the folder above. */
export function openContext(bundle: string): CliContext {
  const { env, platform } = process;
  const cwd = process.cwd();
  const terminal = openTerminal();
  return {
    ...machineOf(fileURLToPath(new URL("..", bundle)), { env, cwd, platform }),
    terminal,
    cwd,
    warn: terminal.err,
    crashLog: join(ownCacheFolder(env, platform), "crash.log"),
    engine: fileURLToPath(new URL("engine.js", bundle)),
    daemon: {
      ...daemonPlaces({ platform, env, home: homeFolder() }),
      bundle: fileURLToPath(new URL("daemon.js", bundle)),
    },
    onInterrupt: (listener) => {
      process.on("SIGINT", listener);
      return () => void process.off("SIGINT", listener);
    },
  };
}
