// Bytes of a socket → JSON-RPC messages, as the Language Server Protocol frames them. In the place of vscode-jsonrpc's
// own reader, which believes any length and any header: here a client that sends what is no frame is told to nobody
// and ended, and nothing larger than a message is ever held.
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type Message,
} from "vscode-jsonrpc";
import { mostHeaderBytes } from "../protocol/methods.ts";

const separator = Buffer.from("\r\n\r\n");

/** What this needs of a socket. */
export interface ByteSource {
  on(event: "data", listener: (bytes: Buffer) => void): unknown;
  on(event: "close", listener: () => void): unknown;
}

/** `onBroken` is called once, with the reason; nothing is read after it. */
export class FrameReader extends AbstractMessageReader {
  readonly #source: ByteSource;
  readonly #mostBytes: number;
  readonly #onBroken: (why: string) => void;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Bytes of the message that is coming; undefined while its header is. */
  #length: number | undefined;
  #isBroken = false;

  constructor(source: ByteSource, mostBytes: number, onBroken: (why: string) => void) {
    super();
    this.#source = source;
    this.#mostBytes = mostBytes;
    this.#onBroken = onBroken;
  }

  listen(callback: DataCallback): Disposable {
    this.#source.on("data", (bytes) => this.#take(bytes, callback));
    this.#source.on("close", () => this.fireClose());
    return { dispose: () => {} };
  }

  #take(bytes: Buffer, callback: DataCallback): void {
    if (this.#isBroken) return;
    this.#chunks.push(bytes);
    this.#held += bytes.length;
    let message = this.#next();
    while (message !== undefined) {
      callback(message);
      message = this.#next();
    }
  }

  /** The next whole message, or undefined until more has come. */
  #next(): Message | undefined {
    if (this.#isBroken) return undefined;
    this.#length ??= this.#readHeader();
    if (this.#length === undefined || this.#held < this.#length) return undefined;
    const content = this.#remove(this.#length);
    this.#length = undefined;
    return this.#parse(content);
  }

  #readHeader(): number | undefined {
    const held = this.#join();
    const end = held.subarray(0, mostHeaderBytes).indexOf(separator);
    if (end < 0) {
      if (held.length >= mostHeaderBytes) this.#break("a header that does not end");
      return undefined;
    }
    const header = this.#remove(end + separator.length).toString("latin1");
    const text = /^Content-Length: (\d{1,12})\r\n/i.exec(header)?.[1];
    const length = Number(text ?? Number.NaN);
    if (Number.isNaN(length)) return this.#break("a header without a Content-Length");
    if (length > this.#mostBytes) return this.#break(`a message of ${length} bytes`);
    return length;
  }

  #parse(content: Buffer): Message | undefined {
    try {
      const message: unknown = JSON.parse(content.toString("utf8"));
      if (typeof message === "object" && message !== null && !Array.isArray(message))
        return message as Message;
      return this.#break("a message that is no object");
    } catch {
      return this.#break("a message that is no JSON");
    }
  }

  #break(why: string): undefined {
    this.#isBroken = true;
    this.#chunks = [];
    this.#held = 0;
    this.#onBroken(why);
    return undefined;
  }

  #join(): Buffer {
    const [first = Buffer.alloc(0)] = this.#chunks;
    const joined = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first;
    this.#chunks = [joined];
    return joined;
  }

  /** The first bytes, taken out. */
  #remove(length: number): Buffer {
    const joined = this.#join();
    this.#chunks = [joined.subarray(length)];
    this.#held -= length;
    return joined.subarray(0, length);
  }
}
