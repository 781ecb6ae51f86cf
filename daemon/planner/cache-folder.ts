// The folder for what can be lost: measurements, logs, and where other programs keep models.
import { isAbsolute, join } from "node:path";
import { homeFolder } from "../base/home-folder.ts";

/** $XDG_CACHE_HOME where it is an absolute path, as its specification says, else ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const given = env["XDG_CACHE_HOME"] ?? "";
  return isAbsolute(given) ? given : join(homeFolder(), ".cache");
}

/** This program's own folder in there: $XDG_CACHE_HOME/frecas where that is said, else where the system keeps caches. */
export function ownCacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const local = env["LOCALAPPDATA"] ?? "";
  const isSaid = isAbsolute(env["XDG_CACHE_HOME"] ?? "");
  if (!isSaid && platform === "darwin") return join(homeFolder(), "Library/Caches/frecas");
  if (!isSaid && platform === "win32" && local !== "") return join(local, "frecas/Cache");
  return join(cacheFolder(env), "frecas");
}
