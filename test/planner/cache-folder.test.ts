// Where the command line keeps what can be lost, by what the environment says.
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cacheFolder, ownCacheFolder } from "../../daemon/planner/cache-folder.ts";

const usual = join(homedir(), ".cache");

function check(given: string | undefined, expected: string): void {
  expect(cacheFolder(given === undefined ? {} : { XDG_CACHE_HOME: given })).toBe(expected);
}

it("is ~/.cache where nothing is said", () => check(undefined, usual));
it("is where an absolute path says", () => check("/var/cache/mine", "/var/cache/mine"));
it("does not follow an empty path, which would be the present folder", () => check("", usual));
it("does not follow a relative path", () => check("cache", usual));

describe("this program's own folder is", () => {
  const checkOwn = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform, expected: string): void =>
    expect(ownCacheFolder(env, platform)).toBe(expected);
  const said = { XDG_CACHE_HOME: "/var/cache/mine", LOCALAPPDATA: "C:/local" };

  it("~/.cache/frecas on Linux", () => checkOwn({}, "linux", join(usual, "frecas")));
  it("in the user's Library on macOS", () =>
    checkOwn({}, "darwin", join(homedir(), "Library/Caches/frecas")));
  it("where Windows keeps what is of one machine", () =>
    checkOwn({ LOCALAPPDATA: "/local" }, "win32", "/local/frecas/Cache"));
  it("in ~/.cache where Windows says nothing", () => checkOwn({}, "win32", join(usual, "frecas")));
  it.each<NodeJS.Platform>(["linux", "darwin", "win32"])(
    "where XDG_CACHE_HOME says, on %s too",
    (platform) => checkOwn(said, platform, "/var/cache/mine/frecas"),
  );
});
