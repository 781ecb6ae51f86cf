// Where the command line keeps what can be lost, by what the environment says.
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheFolder } from "../../daemon/cli/cache-folder.ts";

const usual = join(homedir(), ".cache");

function check(given: string | undefined, expected: string): void {
  expect(cacheFolder(given === undefined ? {} : { XDG_CACHE_HOME: given })).toBe(expected);
}

it("is ~/.cache where nothing is said", () => check(undefined, usual));
it("is where an absolute path says", () => check("/var/cache/mine", "/var/cache/mine"));
it("does not follow an empty path, which would be the present folder", () => check("", usual));
it("does not follow a relative path", () => check("cache", usual));
