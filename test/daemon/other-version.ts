// A daemon of another version in a folder of its own, as an editor that has been updated leaves one behind.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import type { DaemonHome } from "./daemon-home.ts";

const root = join(import.meta.dirname, "../..");

export interface OtherVersion {
  readonly version: string;
  /** What is added to the protocol's number. */
  readonly protocol?: number;
}

/** Installs that version in `home`; `folder` is its own. */
export function installVersion(home: DaemonHome, { version, protocol = 0 }: OtherVersion) {
  const folder = join(home.folder, `frecas-${version}`);
  mkdirSync(join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  symlinkSync(join(root, "media"), join(folder, "media"));
  for (const name of readdirSync(join(root, "dist")))
    if (name !== "daemon.js") symlinkSync(join(root, "dist", name), join(folder, "dist", name));
  const [before, after] = [`version: "${manifest.version}"`, "var DAEMON_PROTOCOL = "];
  const bundle = readFileSync(join(root, "dist/daemon.js"), "utf8");
  for (const part of [before, after]) expect(bundle.split(part)).toHaveLength(2);
  writeFileSync(
    join(folder, "dist/daemon.js"),
    bundle.replace(before, `version: "${version}"`).replace(after, `${after}${protocol} + `),
  );
  return {
    folder,
    start: (): ChildProcess =>
      spawn(process.execPath, [join(folder, "dist/daemon.js")], {
        env: home.env,
        stdio: "ignore",
        cwd: "/",
      }),
  };
}
