// The engine process: holds ONNX Runtime, does one request at a time, tells events, listens for cancel.
// Its network calls block its event loop, so only its parent can end it in mid-call. Started by path.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { availableMemory } from "../base/available-memory.ts";
import { cachePlaceSchema } from "../cache/cache-place.ts";
import { ENGINE_PROTOCOL, type EngineReply } from "../protocol/engine-message.ts";
import { type NetworkCache, networkCache, noCache } from "../runtime/network-cache.ts";
import { answerRequest } from "./answer-request.ts";
import type { HeartbeatData } from "./heartbeat.ts";
import { latentMaps } from "./latent-maps.ts";
import { requestQueue } from "./request-queue.ts";
import { runStarter } from "./run-starter.ts";

main();

function main(): void {
  const [descriptor, cache = "null", ownMaps] = process.argv.slice(2);
  if (descriptor !== undefined) startHeartbeat({ descriptor: Number(descriptor), everyMs: 1000 });
  giveWayToOthers();
  const send = (reply: EngineReply): void => {
    // A channel that closes under a message is told by "disconnect".
    if (process.connected) process.send?.(reply, () => {});
  };
  const media = fileURLToPath(new URL("../media", import.meta.url));
  const startRun = runStarter(media, openCache(cache));
  const maps = latentMaps(join(media, "latent-maps.json"), ownMaps ?? null);
  const queue = requestQueue((request, isCancelled) =>
    answerRequest(request, send, isCancelled, { startRun, maps }),
  );
  process.on("message", (message) => {
    // The message itself is not said: it may hold a prompt.
    if (!queue.add(message)) console.error("engine: ignored a message that it does not know");
  });
  // The parent is gone: nobody can hear the result, and the present step is the last one.
  process.on("disconnect", () => void queue.stop().then(() => process.exit(0)));
  // Ctrl-C reaches the whole process group; the parent decides what it means.
  process.on("SIGINT", () => {});
  send({ kind: "ready", protocol: ENGINE_PROTOCOL });
}

/** `text` as whoever started the engine wrote it; null where nothing is to be kept. */
function openCache(text: string): NetworkCache {
  const place = cachePlaceSchema.nullable().parse(JSON.parse(text));
  if (place === null) return noCache;
  return networkCache(place, {
    now: () => new Date(),
    availableBytes: availableMemory,
  });
}

function startHeartbeat(workerData: HeartbeatData): void {
  new Worker(new URL("heartbeat.js", import.meta.url), { workerData }).unref();
}

/** A system that runs out of memory ends this process before others, which hold what people have not saved. */
function giveWayToOthers(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "500");
  } catch {
    // Systems other than Linux have no such file.
  }
}
