// Ten thousand connections with mutated frames and messages: the daemon stays up, its memory stays flat, and a client
// beside them notices nothing.
import fc from "fast-check";
import { expect, it } from "vitest";
import { methods } from "../../daemon/protocol/methods.ts";
import { frame, handshake, rawClient, serve } from "./served.ts";

const times = 10_000;

/** A valid frame with some of its bytes changed, left out, doubled, or with a strange length. */
const mutatedFrame = fc
  .tuple(
    fc.constantFrom(...Object.keys(methods), "exit"),
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.constantFrom("change", "cut", "double", "length"),
    fc.nat(),
  )
  .map(([method, params, changes, how, at]) => {
    const bytes = frame({ jsonrpc: "2.0", id: at, method, params });
    switch (how) {
      case "change":
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        return bytes;
      case "cut":
        return bytes.subarray(0, at % bytes.length);
      case "double":
        return Buffer.concat([bytes, bytes.subarray(at % bytes.length), bytes]);
      default:
        return Buffer.concat([Buffer.from(`Content-Length: ${at * 1000}\r\n\r\n`), bytes]);
    }
  });

const attempt = fc.record({
  frames: fc.array(mutatedFrame, { maxLength: 3 }),
  isKnown: fc.boolean(),
});

it(`${times} mutated clients change nothing for others`, { timeout: 300_000 }, async () => {
  const { path, words } = await serve();
  const friend = await rawClient(path);
  friend.socket.write(frame(handshake()));
  await expect.poll(friend.heard).toContain('"result"');
  const heap: number[] = [];
  let round = 0;
  for (const { frames, isKnown } of fc.sample(attempt, { numRuns: times, seed: 7 })) {
    const client = await rawClient(path);
    if (isKnown) client.socket.write(frame(handshake()));
    for (const bytes of frames) client.socket.write(bytes);
    // Half of them hang up, half of them leave the socket half open.
    if (round % 2 === 0) client.socket.destroy();
    else client.socket.end();
    await client.closed;
    round += 1;
    if (round % 1000 !== 0) continue;
    friend.socket.write(frame({ jsonrpc: "2.0", id: round, method: "list" }));
    await expect.poll(friend.heard).toContain(`"id":${round},"result"`);
    words.length = 0;
    globalThis.gc?.();
    heap.push(process.memoryUsage().heapUsed);
  }
  expect(Math.max(...heap.slice(2))).toBeLessThan((heap[1] ?? 0) + 100e6);
  friend.socket.destroy();
});
