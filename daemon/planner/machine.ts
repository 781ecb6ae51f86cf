// What planning asks of this machine: where models are, what earlier runs have learnt, how much memory a run may use.
import { join } from "node:path";
import { availableMemory, heldMemory } from "../base/available-memory.ts";
import { homeFolder } from "../base/home-folder.ts";
import { isRunning, readMark } from "../base/process-mark.ts";
import type { CachePlace } from "../cache/cache-place.ts";
import { type ModelPlaces, modelPlaces } from "../catalogue/model-places.ts";
import { daemonPlaces } from "../protocol/daemon-places.ts";
import { cacheFolder, ownCacheFolder } from "./cache-folder.ts";
import { type ExaminePictureFile, pictureExaminer } from "./examine-picture.ts";
import { networksPlace } from "./networks-place.ts";

export interface Machine {
  readonly places: ModelPlaces;
  /** File of what is known of this machine. */
  readonly profile: string;
  /** Where networks are kept between runs; null where none are. Throws `badVariable` for a wrong setting. */
  networks(): CachePlace | null;
  /** File of the maps for previews that runs have fitted. */
  readonly latentMaps: string;
  /** What is known of a picture that a recipe begins with; rejects with `badInputPicture`. */
  readonly examinePicture: ExaminePictureFile;
  /** What the daemon's engine holds now, in bytes; 0 where there is none. */
  keptBytes(): number;
  /** What a run may use now, in bytes: what the daemon's engine has kept of the run before is there for the next one too. */
  availableBytes(): number;
}

interface Process {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

/** `root` is the folder of the program's package. */
export function machineOf(root: string, { env, cwd, platform }: Process): Machine {
  const cache = cacheFolder(env);
  const own = ownCacheFolder(env, platform);
  const home = homeFolder();
  const { engineNote } = daemonPlaces({ platform, env, home });
  const keptBytes = (): number => {
    const engine = readMark(engineNote);
    return engine !== undefined && isRunning(engine) ? heldMemory(engine.pid) : 0;
  };
  return {
    places: modelPlaces(root, { env, home, cache, cwd, platform }),
    profile: join(own, "machine.json"),
    latentMaps: join(own, "latent-maps.json"),
    networks: () => networksPlace(own, env),
    examinePicture: pictureExaminer(),
    keptBytes,
    availableBytes: () => {
      const kept = keptBytes();
      return availableMemory(kept) + kept;
    },
  };
}
