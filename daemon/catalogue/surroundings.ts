// What the search for models knows of the machine and its user: values that whoever starts the program reads once.
import { isAbsolute, resolve } from "node:path";

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home. */
  readonly home: string;
  /** The user's folder for what can be lost (~/.cache). */
  readonly cache: string;
  /** Where relative folders of the environment start. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

/**
 * A path as people write it, made absolute from `from`: ~ is the home, $NAME and ${NAME} (on Windows %NAME% too) are
 * of the environment; names that it does not have stay as they are, as in Python's expandvars.
 */
export function expandPath(
  written: string,
  { env, home, platform }: Surroundings,
  from: string,
): string {
  const value = (whole: string, name: string | undefined): string => env[name ?? ""] ?? whole;
  const homed = written.replace(/^~(?=$|[/\\])/, () => home);
  const unix = homed.replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare, braced) =>
    value(whole, bare ?? braced),
  );
  const expanded = platform === "win32" ? unix.replace(/%(\w+)%/g, value) : unix;
  return isAbsolute(expanded) ? resolve(expanded) : resolve(from, expanded);
}
