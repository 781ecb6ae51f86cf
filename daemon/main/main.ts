// The daemon: a queue of runs behind a local socket. One for each user; ends when it has had nothing to do for a while.
// Exits with 0 where another one serves already.
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { availableMemory } from "../base/available-memory.ts";
import { Failure, programDefect } from "../base/failure.ts";
import { homeFolder } from "../base/home-folder.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { listModels } from "../catalogue/list-models.ts";
import { parsePlan } from "../plan/parse-plan.ts";
import { machineOf } from "../planner/machine.ts";
import { planMethods, planText } from "../planner/plan-text.ts";
import { type DaemonPlaces, daemonPlaces } from "../protocol/daemon-places.ts";
import { RunQueue } from "../queue/run-queue.ts";
import { serveClient } from "../rpc/serve-client.ts";
import type { Services } from "../rpc/services.ts";
import { endLeftEngine, noteEngine } from "../supervisor/left-engine.ts";
import { startEngine } from "../supervisor/start-engine.ts";
import { WarmEngine } from "../supervisor/warm-engine.ts";
import { takeLock } from "./daemon-lock.ts";
import { endWhenIdle } from "./end-when-idle.ts";
import { isNewer } from "./is-newer.ts";
import { keepProvider, measuredHost } from "./learn-machine.ts";
import { listen } from "./listen.ts";
import { openLog } from "./open-log.ts";
import { makePrivateFolder } from "./private-folder.ts";

await main().catch((error: unknown) => {
  // Whoever started it reads this; there may be no log to write it to.
  process.stderr.write(
    `${error instanceof Failure ? error.message : programDefect(String(error)).message}\n`,
  );
  process.exit(2);
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { "idle-ms": { type: "string", default: "600000" } } });
  const { env, platform } = process;
  const places = daemonPlaces({ platform, env, home: homeFolder() });
  await makePrivateFolder(places.state);
  const release = await takeLock(join(places.state, "lock"), process.pid);
  if (release === undefined) return;
  await serve(Number(values["idle-ms"]), places, release).catch(async (error: unknown) => {
    await release();
    throw error;
  });
}

/** Resolves once clients are served; `release` is called before the process ends. */
async function serve(
  startIdleMs: number,
  places: DaemonPlaces,
  release: () => Promise<void>,
): Promise<void> {
  let idleMs = startIdleMs;
  const { env, platform } = process;
  const machine = machineOf(beside(".."), { env, platform, cwd: process.cwd() });
  const kept = { cache: machine.networks(), latentMaps: machine.latentMaps };
  const log = openLog(join(places.state, "logs"));
  process.on("uncaughtException", (error) => log.write(`defect: ${error.stack}`));
  await endLeftEngine(places.engineNote);
  const engine = new WarmEngine({
    start: (options) => {
      const started = startEngine(beside("engine.js"), { ...options, ...kept });
      if (started.pid !== undefined) noteEngine(places.engineNote, started.pid);
      return started;
    },
    availableBytes: availableMemory,
    idleMs: () => idleMs,
    onWords: log.engine,
  });
  const queue = await RunQueue.open({
    folder: places.state,
    epoch: randomBytes(8).toString("hex"),
    host: measuredHost(engine, machine.profile),
    nowMs: Date.now,
    log: log.write,
  });
  const token = await writeToken(places.token);
  if (platform !== "win32") await makePrivateFolder(dirname(places.socket));
  const end = async (why: string): Promise<void> => {
    log.write(`daemon: ends, ${why}`);
    server.close();
    await queue.close();
    await log.close();
    await release();
    process.exit(0);
  };
  const services: Services = {
    queue,
    version: manifest.version,
    pid: process.pid,
    token,
    checkPlan: parsePlan,
    planRecipe: (recipe) => planText(recipe, machine),
    planMethods: (recipe) => planMethods(recipe, machine),
    listModels: () => listModels(machine.places),
    doctor: async () => keepProvider(await engine.doctor(), machine.profile),
    keep: (givenMs) => {
      idleMs = givenMs;
    },
    shutdown: (replacedBy) => {
      const ends = replacedBy === null || (queue.isIdle && isNewer(replacedBy, manifest.version));
      if (ends) setImmediate(() => end("as a client asked"));
      return ends;
    },
    log: log.write,
  };
  const idle = endWhenIdle({ idleMs: () => idleMs, isBusy: () => !queue.isIdle, end });
  const server = await listen(places.socket, (socket) => {
    idle.hold(socket);
    serveClient(socket, services);
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => void end(signal));
  log.write(`daemon: version ${manifest.version} serves`);
}

/** A new one, which only this user can read. */
async function writeToken(path: string): Promise<string> {
  const token = randomBytes(32).toString("hex");
  await writeFileSafely(path, token, 0o600);
  return token;
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
