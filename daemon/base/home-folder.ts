// The folder that this user's settings, caches and state lie below.
import { homedir, tmpdir } from "node:os";

/** Users without a home, as in some containers, get one that is thrown away. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}
