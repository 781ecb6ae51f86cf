// Keeps a network while it is opened: prepared and written by the runtime, opened from what was written, and published once a
// call has come through, so that no entry can end the process of whoever opens it next.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../base/failure.ts";
import { explainWrite } from "../base/write-file.ts";
import { entryFiles } from "../cache/entry.ts";
import { removeEntry } from "../cache/make-room.ts";
import { removeNote } from "../cache/notes.ts";
import { publishEntry, unfinishedEntry } from "../cache/publish-entry.ts";
import {
  type Network,
  type NetworkOptions,
  openSession,
  preparedOptions,
  sessionOptions,
} from "./open-network.ts";
import { saveNetwork } from "./save-network.ts";

/** `skipped`: there is no room to keep the network. `refused`: something is wrong with the place or with what is there. */
interface CacheEvent {
  readonly state: "used" | "saving" | "saved" | "skipped" | "refused";
  /** Why it was skipped, a sentence for people where it was refused, else "". */
  readonly note: string;
}

/** Whose network it is, for people, and who hears what becomes of it. */
export interface CacheUser {
  readonly model: string;
  readonly network: string;
  onEvent(event: CacheEvent): void;
}

export interface KeepRequest {
  /** The graph's bytes. */
  readonly model: Uint8Array;
  readonly options: NetworkOptions;
  readonly user: CacheUser;
  /** Folder of the entry. */
  readonly entry: string;
  /** The same by the files as they are at the time of the call. */
  entryNow(): string;
  /** Bytes that it will take on the disk, about. */
  readonly keptBytes: number;
}

/** Undefined where it cannot be written, which is told. `onPublishing` gets a promise that never rejects. */
export async function keepNetwork(
  request: KeepRequest,
  onPublishing: (published: Promise<void>) => void,
): Promise<Network | undefined> {
  const { model, options, user, entry } = request;
  const unfinished = unfinishedEntry(entry);
  user.onEvent({ state: "saving", note: "" });
  try {
    mkdirSync(unfinished);
    await saveNetwork(model, sessionOptions(options), unfinished);
    const graph = readFileSync(join(unfinished, entryFiles.graph));
    const network = await openSession(graph, preparedOptions(options, unfinished));
    return afterFirstCall(network, {
      proven: () => onPublishing(publish(unfinished, request)),
      unproven: () => removeEntry(unfinished),
    });
  } catch (error) {
    giveUp(unfinished, request, error);
    return undefined;
  }
}

/** Tells that the network opens from its own weights: the rule that the cache breaks, and what it is instead. */
export function refuse({ network, onEvent }: CacheUser, rule: string, got: string): void {
  const note = `cache: ${rule}, got ${got}; ${network} is opened from the model's own files`;
  onEvent({ state: "refused", note });
}

/** One line of what was thrown. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Failure ? error.message : explainWrite(error);
  return reason.split("\n")[0] ?? "";
}

/** The same network; `proven` is called after its first call, `unproven` where it is closed before. */
function afterFirstCall(network: Network, tell: { proven(): void; unproven(): void }): Network {
  let called = false;
  return {
    run: async (feeds) => {
      const outputs = await network.run(feeds);
      if (!called) tell.proven();
      called = true;
      return outputs;
    },
    dispose: async () => {
      await network.dispose();
      if (!called) tell.unproven();
    },
  };
}

async function publish(unfinished: string, request: KeepRequest): Promise<void> {
  const { entry, entryNow, user } = request;
  try {
    if (entryNow() !== entry) throw new Error("weights that changed while it was written");
    await publishEntry(unfinished, entry, { model: user.model, network: user.network });
    removeNote(entry);
    user.onEvent({ state: "saved", note: "" });
  } catch (error) {
    // Another process has kept the same network meanwhile.
    if (existsSync(entry)) removeEntry(unfinished);
    else giveUp(unfinished, request, error);
  }
}

function giveUp(unfinished: string, { user }: KeepRequest, error: unknown): void {
  removeEntry(unfinished);
  refuse(user, "must be a place that can be written", reasonOf(error));
}
