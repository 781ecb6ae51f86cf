// Where the tests' editor comes from: installed once and whole, and told in a sentence where it cannot be had. Programs
// named npm, apt-get and chromium stand in for the real ones.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";

const { prepareEditorHost } = await import(
  new URL("../../scripts/editor-host.mjs", import.meta.url).href
);
const folder = mkdtempSync(join(tmpdir(), "editor-host-"));
const { PATH, CHROME_PATH } = process.env;
let programs: string;
let cache: string;

beforeEach(() => {
  const place = mkdtempSync(join(folder, "case-"));
  [programs, cache] = [join(place, "programs"), join(place, "cache")];
  mkdirSync(programs);
  process.env["PATH"] = programs;
  delete process.env["CHROME_PATH"];
});
afterEach(() => Object.assign(process.env, { PATH, CHROME_PATH: CHROME_PATH ?? "" }));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const installs = "/bin/mkdir -p node_modules/code-server/lib/vscode";

it("the server is installed once", () => {
  const browser = program("chromium", "exit 0");
  program("npm", installs);
  const first = prepareEditorHost(cache);
  expect(first).toEqual({ browser, server: expect.stringContaining(cache) });
  program("npm", "exit 1");
  expect(prepareEditorHost(cache)).toEqual(first);
});

it("an installation that fails leaves nothing, and the next one is whole", () => {
  program("chromium", "exit 0");
  program("npm", `${installs} && exit 1`);
  expect(prepareEditorHost(cache)).toEqual({
    missing: expect.stringMatching(/^npm could not install code-server@/),
  });
  expect(readdirSync(cache)).toEqual([]);
  program("npm", installs);
  const { server } = prepareEditorHost(cache);
  expect(existsSync(join(server, "../../node_modules.asar"))).toBe(true);
});

it("a browser that CHROME_PATH names is taken before those in PATH", () => {
  program("npm", installs);
  program("chromium", "exit 0");
  const browser = program("my-browser", "exit 0");
  process.env["CHROME_PATH"] = browser;
  expect(prepareEditorHost(cache)).toMatchObject({ browser });
});

it("where no browser can be had, the reason is told", () => {
  program("apt-get", "exit 100");
  expect(prepareEditorHost(cache)).toEqual({
    missing: expect.stringContaining("there is no Chromium or Chrome in PATH or CHROME_PATH"),
  });
});

it.runIf(existsSync("/etc/debian_version") && process.getuid?.() === 0)(
  "on Debian, root gets the browser of apt-get",
  () => {
    program("npm", installs);
    const browser = join(programs, "chromium");
    program("apt-get", `echo '#!/bin/sh' > ${browser}; /bin/chmod +x ${browser}`);
    expect(prepareEditorHost(cache)).toMatchObject({ browser });
  },
);
