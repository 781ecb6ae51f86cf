// The local socket: a file that only this user can open, or a named pipe. Never a port.
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { outputFailed } from "../base/failure.ts";
import { explainWrite } from "../base/write-file.ts";

/** Windows and scripts of one user; far below what a process may open. */
const mostClients = 200;

/** Takes the place of a dead daemon's socket; the caller holds the lock. Throws `outputFailed`. */
export async function listen(path: string, onClient: (socket: Socket) => void): Promise<Server> {
  const isFile = process.platform !== "win32";
  const server = createServer(onClient);
  server.maxConnections = mostClients;
  try {
    if (isFile) await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    if (isFile) await chmod(path, 0o600);
    return server;
  } catch (error) {
    server.close();
    throw outputFailed(path, explainWrite(error));
  }
}
