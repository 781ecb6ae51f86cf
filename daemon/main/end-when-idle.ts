// Ends the daemon once it has had no client and nothing to do for a while.
import type { Socket } from "node:net";

interface IdleOptions {
  /** How long, as it is now. */
  idleMs(): number;
  isBusy(): boolean;
  end(why: string): Promise<void>;
}

/** `hold` keeps the daemon up while the client is there. */
export function endWhenIdle({ idleMs, isBusy, end }: IdleOptions): { hold(socket: Socket): void } {
  const clients = new Set<Socket>();
  let quietSinceMs = performance.now();
  const look = (): void => {
    const nowMs = performance.now();
    if (clients.size > 0 || isBusy()) quietSinceMs = nowMs;
    else if (nowMs - quietSinceMs >= idleMs()) void end("it had nothing to do");
    lookAgain();
  };
  const lookAgain = (): void => void setTimeout(look, Math.min(1000, Math.max(1, idleMs() / 4)));
  lookAgain();
  return {
    hold: (socket) => {
      clients.add(socket);
      socket.on("close", () => clients.delete(socket));
    },
  };
}
