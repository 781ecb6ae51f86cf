// Where the daemon of this user is to be found, and where it keeps what must outlive it.
import { createHash } from "node:crypto";
import { isAbsolute, join } from "node:path";

export interface DaemonPlaces {
  /** Absolute; the journal, checkpoints, logs and the lock. Nobody else may look into it. */
  readonly state: string;
  /** A unix socket's path, or a named pipe's. */
  readonly socket: string;
  /** A file that only this user may read. */
  readonly token: string;
  /** The file that says which process is the daemon's engine. */
  readonly engineNote: string;
}

interface User {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** $XDG_STATE_HOME where it is an absolute path, as its specification says, else ~/.local/state; %LOCALAPPDATA% on Windows. */
export function daemonPlaces({ platform, env, home }: User): DaemonPlaces {
  const state = join(stateHome({ platform, env, home }), "frecas");
  return {
    state,
    socket: socketIn(state, platform),
    token: join(state, "token"),
    engineNote: join(state, "engine"),
  };
}

function stateHome({ platform, env, home }: User): string {
  const given = (platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_STATE_HOME"]) ?? "";
  if (isAbsolute(given)) return given;
  if (platform === "win32") return join(home, "AppData/Local");
  return platform === "darwin"
    ? join(home, "Library/Application Support")
    : join(home, ".local/state");
}

/** Systems take 104 bytes for a socket's path at least. */
const mostSocketBytes = 100;

function socketIn(state: string, platform: NodeJS.Platform): string {
  const name = createHash("sha256").update(state).digest("hex").slice(0, 16);
  if (platform === "win32") return `\\\\.\\pipe\\frecas-${name}`;
  const socket = join(state, "socket");
  return Buffer.byteLength(socket) <= mostSocketBytes
    ? socket
    : join("/tmp", `frecas-${name}`, "socket");
}
