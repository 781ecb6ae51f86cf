// Messages come out of a socket's bytes as they went in, however the bytes are cut; whatever is no frame ends it.
import { EventEmitter } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "../../daemon/rpc/frame-reader.ts";
import { frame } from "./served.ts";

const mostBytes = 1000;

/** What the reader makes of the chunks: messages, and why it stopped. */
function read(chunks: readonly Buffer[]): { messages: unknown[]; broken: string[] } {
  const source = new EventEmitter();
  const broken: string[] = [];
  const messages: unknown[] = [];
  const reader = new FrameReader(source, mostBytes, (why) => broken.push(why));
  reader.listen((message) => messages.push(message));
  for (const chunk of chunks) source.emit("data", chunk);
  return { messages, broken };
}

function cut(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

it("messages come out as they went in", () => {
  const message = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 1 }), {
    maxKeys: 3,
  });
  const small = message.filter((value) => frame(value).length < mostBytes);
  fc.assert(
    fc.property(fc.array(small, { maxLength: 5 }), fc.array(fc.nat()), (sent, at) => {
      const bytes = Buffer.concat(sent.map(frame));
      const expected = sent.map((value) => JSON.parse(JSON.stringify(value)));
      expect(read(cut(bytes, at))).toEqual({ messages: expected, broken: [] });
    }),
  );
});

describe("a reader stops, once, and says why", () => {
  const check = (text: string, why: string): void => {
    const first = frame({ id: 1 });
    const { messages, broken } = read([first, Buffer.from(text), frame({ id: 2 }), first]);
    expect(messages).toEqual([{ id: 1 }]);
    expect(broken).toEqual([why]);
  };

  it("at a message that is too long", () =>
    check(`Content-Length: ${mostBytes + 1}\r\n\r\n`, "a message of 1001 bytes"));
  it("at a length that no number holds", () =>
    check(`Content-Length: ${"9".repeat(30)}\r\n\r\n`, "a header without a Content-Length"));
  it("at a negative length", () =>
    check("Content-Length: -5\r\n\r\n", "a header without a Content-Length"));
  it("at another header", () =>
    check("GET / HTTP/1.1\r\n\r\n", "a header without a Content-Length"));
  it("at a header that does not end", () => check("x".repeat(600), "a header that does not end"));
  it("at what is no JSON", () =>
    check("Content-Length: 3\r\n\r\n{x}", "a message that is no JSON"));
  it("at what is no object", () =>
    check("Content-Length: 2\r\n\r\n[]", "a message that is no object"));
});
