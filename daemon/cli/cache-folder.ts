// The folder for what can be lost: measurements, logs, and where other programs keep models.
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

/** $XDG_CACHE_HOME where it is an absolute path, as its specification says, else ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const given = env["XDG_CACHE_HOME"] ?? "";
  return isAbsolute(given) ? given : join(homeFolder(), ".cache");
}

/** Users without a home, as in some containers, get one that is thrown away. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}
