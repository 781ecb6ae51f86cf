// Opens networks from what an earlier process has prepared, or has them kept (keep-network.ts). A network is kept when a
// second process opens it, for the first may have been the last. Nothing here fails a run: what goes wrong is told.
import { join } from "node:path";
import { sizeOf } from "../base/tensor.ts";
import type { CachePlace } from "../cache/cache-place.ts";
import { readEntry, touchEntry } from "../cache/entry.ts";
import { makeRoom, removeEntry } from "../cache/make-room.ts";
import { readNote, writeNote } from "../cache/notes.ts";
import type { GraphData } from "../graph/onnx.ts";
import { type CacheUser, type KeepRequest, keepNetwork, reasonOf, refuse } from "./keep-network.ts";
import { networkKey } from "./network-key.ts";
import {
  encodeNetwork,
  type Network,
  type NetworkOptions,
  openNetwork,
  openSession,
  preparedOptions,
  sessionOptions,
} from "./open-network.ts";

export interface NetworkCache {
  /** The same network as `openNetwork` opens, with the same answers. */
  open(graph: GraphData, options: NetworkOptions, user: CacheUser): Promise<Network>;
  /** Resolves when all that is being kept is in its place, or refused. */
  settle(): Promise<void>;
}

/** Opens every network from its own weights. */
export const noCache: NetworkCache = {
  open: (graph, options) => openNetwork(graph, options),
  settle: async () => {},
};

/** A network that cannot be kept, or ends its process when it is, gets no third try. */
const mostAttempts = 2;

interface Surroundings {
  /** When an entry is used. */
  now(): Date;
  /** Memory that this process may still take. */
  availableBytes(): number;
}

/** Keeps networks at `place`, for one process. */
export function networkCache(place: CachePlace, surroundings: Surroundings): NetworkCache {
  const met = new Set<string>();
  const publishing = new Map<string, Promise<void>>();
  return {
    open: async (graph, options, user) => {
      const request = isWorthKeeping(graph, options, place)
        ? toRequest(graph, { options, user, place })
        : undefined;
      if (request === undefined) return openNetwork(graph, options);
      const { entry } = request;
      await publishing.get(entry);
      const kept = await openKept(request, surroundings.now());
      if (kept !== undefined) return kept;
      const isFirst = !met.has(entry);
      met.add(entry);
      const isTime = isFirst && (await isTimeToKeep(request, place, surroundings));
      const network = isTime
        ? await keepNetwork(request, (published) => void publishing.set(entry, published))
        : undefined;
      return network ?? openSession(request.model, sessionOptions(options));
    },
    settle: async () => {
      await Promise.all(publishing.values());
    },
  };
}

/** Only the CPU's preparation can be written: other providers prepare weights in their own memory. */
function isWorthKeeping(graph: GraphData, options: NetworkOptions, place: CachePlace): boolean {
  const { provider, preparation, profile } = options;
  if (provider !== "cpu" || preparation !== "full" || profile !== undefined) return false;
  return floatBytes(graph, 1) >= place.leastWeightBytes;
}

/** Bytes of all weights in float32; matrices, which are kept as they are and repacked, count `matrixCopies` times. */
function floatBytes({ initializers }: GraphData, matrixCopies: number): number {
  return initializers.reduce(
    (sum, { shape }) => sum + 4 * sizeOf(shape) * (shape.length === 2 ? matrixCopies : 1),
    0,
  );
}

/** Undefined where a file of weights is not there, which opening will tell. */
function toRequest(
  graph: GraphData,
  how: { readonly options: NetworkOptions; readonly user: CacheUser; readonly place: CachePlace },
): KeepRequest | undefined {
  const model = encodeNetwork(graph);
  const entryNow = (): string =>
    join(how.place.folder, networkKey(graph, model, how.options.provider));
  try {
    return { ...how, model, entry: entryNow(), entryNow, keptBytes: floatBytes(graph, 2) };
  } catch {
    return undefined;
  }
}

/** Undefined where there is none, or none that is what was written. */
async function openKept(
  { entry, options, user }: KeepRequest,
  now: Date,
): Promise<Network | undefined> {
  const found = readEntry(entry);
  if (found.kind === "absent") return undefined;
  try {
    if (found.kind === "damaged") throw new Error(found.why);
    const network = await openSession(found.graph, preparedOptions(options, entry));
    touchEntry(entry, now);
    user.onEvent({ state: "used", note: "" });
    return network;
  } catch (error) {
    removeEntry(entry);
    refuse(user, "must hold what was written there", `a damaged entry (${reasonOf(error)})`);
    return undefined;
  }
}

/** Notes this opening. True where an earlier process has opened the network and there is room; the attempt is noted then. */
async function isTimeToKeep(
  { entry, keptBytes, user }: KeepRequest,
  place: CachePlace,
  surroundings: Surroundings,
): Promise<boolean> {
  const { openings, attempts } = readNote(entry);
  const isWanted = openings > 0 && attempts < mostAttempts;
  try {
    await writeNote(entry, { openings: openings + 1, attempts });
    if (!isWanted) return false;
    const lacking =
      lackOfMemory(keptBytes, surroundings.availableBytes()) ??
      makeRoom(place, keptBytes, surroundings.now().getTime());
    if (lacking !== undefined) user.onEvent({ state: "skipped", note: lacking });
    if (lacking !== undefined) return false;
    await writeNote(entry, { openings: openings + 1, attempts: attempts + 1 });
    return true;
  } catch (error) {
    refuse(user, "must be a place that can be written", reasonOf(error));
    return false;
  }
}

/**
 * While it is written, a network takes more memory than the plan counts on; and one that the memory does not hold later is
 * read from the disk again and again, more bytes than its model has. So it may take half of what there is.
 */
function lackOfMemory(keptBytes: number, availableBytes: number): string | undefined {
  if (keptBytes <= availableBytes / 2) return undefined;
  const [kept, available] = [keptBytes, availableBytes].map((bytes) => (bytes / 1e9).toFixed(1));
  return `it takes ${kept} GB, more than half of the ${available} GB of memory that are available`;
}
