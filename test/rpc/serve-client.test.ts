// What the daemon answers to clients that know the protocol, that do not, and that mean harm.
import { describe, expect, it } from "vitest";
import { DAEMON_PROTOCOL } from "../../daemon/protocol/methods.ts";
import { frame, handshake, type Raw, rawClient, type Served, serve } from "./served.ts";

const served = await serve();

async function send(messages: readonly unknown[], where: Served = served): Promise<Raw> {
  const client = await rawClient(where.path);
  for (const message of messages) client.socket.write(frame(message));
  return client;
}

const request = (id: number, method: string, params?: unknown): unknown => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

/** The answers to what comes after a right handshake. */
async function check(messages: readonly unknown[], expected: RegExp): Promise<void> {
  const client = await send([handshake(), ...messages]);
  await expect.poll(client.heard).toMatch(expected);
  client.socket.destroy();
}

describe("the handshake", () => {
  it("opens the connection", () =>
    check(
      [],
      new RegExp(`"id":0,"result":\\{"protocol":${DAEMON_PROTOCOL},"version":"1","pid":1\\}`),
    ));

  it("of another version is answered with what to do, and ended", async () => {
    const client = await send([handshake(undefined, 99)]);
    await client.closed;
    expect(client.heard()).toMatch(
      `daemon: must speak protocol 99, got protocol ${DAEMON_PROTOCOL}; end it with`,
    );
  });

  it.each([
    ["another token", handshake("b".repeat(64))],
    ["a shorter token", handshake("a")],
    ["an end with another token", request(1, "shutdown", { token: "a", replacedBy: null })],
    ["another method first", request(1, "list")],
    ["an unknown method first", request(1, "surprise")],
    ["a notification first", { jsonrpc: "2.0", method: "exit" }],
  ])("that is %s ends the connection without a result", async (_, message) => {
    const client = await send([message, request(2, "cancel", { id: 1 })]);
    await client.closed;
    expect(client.heard()).not.toContain('"result"');
    expect(served.asked).toEqual([]);
  });
});

it.each([null, "0.2.0"])("an end may be asked for by any version: %s", async (replacedBy) => {
  const where = await serve();
  const { token } = where.services;
  const client = await send([request(1, "shutdown", { token, replacedBy })], where);
  await expect.poll(client.heard).toContain('"id":1,"result":{"ends":true}');
  expect(where.asked).toEqual([`shutdown ${replacedBy}`]);
  client.socket.destroy();
});

describe("a known client", () => {
  it("is told of a method that there is not", () =>
    check([request(1, "surprise")], /"id":1,"error":\{"code":-32601/));

  it("is told which parameter is wrong, and none of its values", async () => {
    const client = await send([handshake(), request(1, "cancel", { id: "secret" })]);
    await expect.poll(client.heard).toMatch(/"code":-32602,"message":"cancel: id must be as docs/);
    expect(client.heard()).not.toContain("secret");
    client.socket.destroy();
  });

  it("may not send keys that nobody reads", () =>
    check([request(1, "list", { all: true })], /"code":-32602/));

  it("is told of a defect without its stack", async () => {
    const client = await send([handshake(), request(1, "get", { id: 1 })]);
    await expect.poll(client.heard).toMatch(/"code":-31000.*"code":"program.defect"/);
    expect(client.heard()).not.toContain(".ts:");
    expect(served.words.join()).toContain("Error: an error that nobody expected");
    client.socket.destroy();
  });

  it("gets a snapshot, then every event with its number", async () => {
    const client = await send([
      handshake(),
      request(1, "subscribe", { after: null, previews: false }),
    ]);
    await expect.poll(client.heard).toMatch(/"method":"snapshot"/);
    for (const id of [1, 2]) served.services.queue.events.add({ kind: "removed", id });
    await expect.poll(client.heard).toMatch(/"number":1,.*"number":2,/s);
    client.socket.destroy();
  });

  it.each([true, false])("sees previews only where it asked for them: %s", async (previews) => {
    const asked = request(1, "subscribe", { after: null, previews });
    const client = await send([handshake(), asked]);
    await expect.poll(client.heard).toMatch(/"method":"snapshot"/);
    const preview = { id: 1, prompt: 0, stage: 0, step: 0, width: 1, height: 1, png: "cG5n" };
    served.services.queue.previews.set(preview);
    served.services.queue.events.add({ kind: "removed", id: 3 });
    await expect.poll(client.heard).toMatch(/"kind":"removed","id":3/);
    expect(client.heard().includes('"png":"cG5n"')).toBe(previews);
    client.socket.destroy();
  });

  it("that comes back gets what it missed and no snapshot", async () => {
    const { place } = served.services.queue.events;
    for (const id of [7, 8]) served.services.queue.events.add({ kind: "removed", id });
    const client = await send([
      handshake(),
      request(1, "subscribe", { after: place, previews: false }),
    ]);
    await expect.poll(client.heard).toMatch(/"id":7.*"id":8/s);
    expect(client.heard()).not.toContain("snapshot");
    client.socket.destroy();
  });
});

it("a client that never reads holds no more than a little of what is told", async () => {
  const where = await serve();
  const slow = await rawClient(where.path);
  slow.socket.pause();
  slow.socket.write(
    Buffer.concat(
      [handshake(), request(1, "subscribe", { after: null, previews: false })].map(frame),
    ),
  );
  const quick = await send(
    [handshake(), request(1, "subscribe", { after: null, previews: false })],
    where,
  );
  const path = "x".repeat(10_000);
  const event = { kind: "picture", prompt: 0, image: 0, path, again: false } as const;
  const before = process.memoryUsage().heapUsed;
  for (let round = 0; round < 200; round += 1) {
    for (let time = 0; time < 100; time += 1)
      where.services.queue.events.add({ kind: "progress", id: 1, atMs: round, event });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => quick.heard().length, { timeout: 60_000 }).toBeGreaterThan(1e6);
  // The log itself holds the path once; 20,000 copies would be 200 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(60e6 + quick.heard().length * 2);
  slow.socket.destroy();
  quick.socket.destroy();
});
