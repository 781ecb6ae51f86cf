// What every command gets: where things are on this machine, and where words go. The command line reads its environment here.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CachePlace } from "../cache/cache-place.ts";
import { type ModelPlaces, modelPlaces } from "../catalogue/model-places.ts";
import { cacheFolder, homeFolder, ownCacheFolder } from "./cache-folder.ts";
import { networksPlace } from "./networks-place.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

export interface CliContext {
  readonly terminal: Terminal;
  /** Folder that relative paths start at. */
  readonly cwd: string;
  readonly places: ModelPlaces;
  /** What is known of this machine. */
  readonly profile: string;
  /** Details of the last crash. */
  readonly crashLog: string;
  /** Where networks are kept between runs; null where none are. Throws `invalidCommand` for a wrong setting. */
  networks(): CachePlace | null;
  /** The engine's bundle. */
  readonly engine: string;
  /** Registers a listener for Ctrl-C; returns how to remove it. */
  onInterrupt(listener: () => void): () => void;
}

/** `bundle` is the URL of dist/cli.js; the package's root is the folder above. */
export function openContext(bundle: string): CliContext {
  const cache = cacheFolder(process.env);
  const own = ownCacheFolder(process.env, process.platform);
  return {
    terminal: openTerminal(),
    cwd: process.cwd(),
    places: modelPlaces(fileURLToPath(new URL("..", bundle)), {
      env: process.env,
      home: homeFolder(),
      cache,
      cwd: process.cwd(),
      platform: process.platform,
    }),
    profile: join(own, "machine.json"),
    networks: () => networksPlace(own, process.env),
    crashLog: join(own, "crash.log"),
    engine: fileURLToPath(new URL("engine.js", bundle)),
    onInterrupt: (listener) => {
      process.on("SIGINT", listener);
      return () => void process.off("SIGINT", listener);
    },
  };
}
