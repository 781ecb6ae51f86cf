// Asks the companion extension, which runs in the same extension host as FreCaS.
import { once } from "node:events";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";

/** One question on a connection of its own; `Result` is what companion.cjs says of `method`. */
export async function askCompanion<Result>(
  path: string,
  method: "active" | "clearDelays" | "delays" | "settings" | "command",
  params: unknown = null,
): Promise<Result> {
  const socket = createConnection(path);
  try {
    await once(socket, "connect");
    socket.write(`${JSON.stringify({ method, params })}\n`);
    const [line] = await once(createInterface({ input: socket }), "line");
    const answer = JSON.parse(String(line));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  } finally {
    socket.destroy();
  }
}
