// A VS Code server of the test's own: its home, settings, extensions and workspace lie in one folder, and every process
// that it begins carries a mark in its environment, so that what is left over can be found.
import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { markedProcesses } from "./marked-processes.ts";

export interface EditorServer {
  /** Opens the workspace in a browser. */
  readonly url: string;
  /** The opened folder; a copy of the project's samples. */
  readonly workspace: string;
  /** The socket of the companion extension. */
  readonly companion: string;
  /** In the environment of each process that the server has begun. */
  readonly mark: string;
  /** Ends the server with all that it has begun, and removes its folder. */
  stop(): Promise<void>;
}

interface Parts {
  /** VS Code's server-main.js. */
  readonly server: string;
  readonly packages: readonly string[];
  /** A folder that becomes the workspace. */
  readonly samples: string;
  /** The user's. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The server's: a setting of the scope "machine" holds there alone, once the editor knows its scope. */
  readonly machineSettings: Readonly<Record<string, unknown>>;
}

/** Installs the packages as a user would, and listens on loopback. */
export async function startEditorServer(parts: Parts): Promise<EditorServer> {
  // Short, for sockets lie below it.
  const folder = mkdtempSync(join(tmpdir(), "fe-"));
  const workspace = join(folder, "recipes");
  const companion = join(folder, "companion");
  const port = await freePort();
  cpSync(parts.samples, workspace, { recursive: true });
  writeSettings(folder, parts);
  const log = join(folder, "server.log");
  const output = openSync(log, "w");
  const child = spawn(process.execPath, [parts.server, ...flags(folder, port, parts.packages)], {
    env: environment(folder, companion),
    stdio: ["ignore", output, output],
  });
  process.once("exit", () => child.kill());
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}/`;
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(readFileSync(log, "utf8"));
      if (!(await fetch(url)).ok) throw new Error("The server is not ready.");
    },
    { timeout: 60_000, interval: 100 },
  );
  return {
    url: `${url}?folder=${workspace}`,
    workspace,
    companion,
    mark: folder,
    stop: async () => {
      child.kill();
      await ended;
      for (const { id } of markedProcesses(folder)) process.kill(id, "SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function flags(folder: string, port: number, packages: readonly string[]): readonly string[] {
  return [
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...["--accept-server-license-terms", "--telemetry-level", "off"],
    ...["--server-data-dir", join(folder, "server")],
    ...["--user-data-dir", join(folder, "data")],
    ...["--extensions-dir", join(folder, "extensions")],
    ...packages.flatMap((path) => ["--install-extension", path]),
    "--start-server",
  ];
}

/** Nothing of the user's home, of another editor or of FreCaS's settings gets in. */
function environment(folder: string, companion: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE|FRECAS|XDG|VITEST|NODE_OPTIONS)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: join(folder, "home"),
    FRECAS_COMPANION: companion,
    EXTENSIONS_GALLERY: "{}",
  };
}

function writeSettings(folder: string, { settings, machineSettings }: Parts): void {
  mkdirSync(join(folder, "home"), { recursive: true });
  for (const whose of ["User", "Machine"])
    mkdirSync(join(folder, "data", whose), { recursive: true });
  writeFileSync(join(folder, "data/Machine/settings.json"), JSON.stringify(machineSettings));
  writeFileSync(
    join(folder, "data/User/settings.json"),
    JSON.stringify({
      "security.workspace.trust.enabled": false,
      "telemetry.telemetryLevel": "off",
      "update.mode": "none",
      "extensions.autoUpdate": false,
      "extensions.autoCheckUpdates": false,
      "extensions.ignoreRecommendations": true,
      "workbench.startupEditor": "none",
      "workbench.tips.enabled": false,
      "workbench.enableExperiments": false,
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "chat.commandCenter.enabled": false,
      "git.enabled": false,
      "remote.autoForwardPorts": false,
      "editor.minimap.enabled": false,
      ...settings,
    }),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
