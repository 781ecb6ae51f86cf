// The parent's end of an engine, whose process is played by a script: replies go to the request that they are about.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Plan } from "../../daemon/plan/plan.ts";
import { ENGINE_PROTOCOL } from "../../daemon/protocol/engine-message.ts";
import { startEngine } from "../../daemon/supervisor/start-engine.ts";

/** Answers three requests in their order once it has them all. */
const script = `
const asked = [];
const send = (reply) => process.send(reply);
const report = { runtime: "played", threads: 1, gemmGflops: 1, providers: [] };
process.on("message", ({ kind, plan }) => {
  asked.push([kind, plan]);
  if (asked.length < 3) return;
  for (const [kind, plan] of asked) {
    const outcome = kind === "run" ? { kind: "done" } : { kind: "report", report };
    if (kind === "run")
      send({ kind: "event", atMs: 1, event: { kind: "picture", prompt: 0, image: 0, path: plan } });
    send({ kind: "ended", atMs: 1, peakBytes: 1, outcome });
  }
});
send({ kind: "ready", protocol: ${ENGINE_PROTOCOL} });
`;

it("requests that are asked at once get their own events and their own ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "frecas-played-"));
  const path = join(folder, "engine.mjs");
  writeFileSync(path, script);
  const engine = startEngine(path);
  onTestFinished(() => {
    engine.kill();
    rmSync(folder, { recursive: true });
  });
  const run = async (name: string) => {
    const told: unknown[] = [];
    const { outcome } = await engine.run(name as unknown as Plan, ({ event }) => told.push(event));
    return { kind: outcome.kind, told };
  };
  const picture = (path: string) => ({ kind: "picture", prompt: 0, image: 0, path });
  const [first, doctor, last] = await Promise.all([run("a"), engine.doctor(), run("b")]);
  expect(first).toEqual({ kind: "done", told: [picture("a")] });
  expect(doctor.outcome.kind).toBe("report");
  expect(last).toEqual({ kind: "done", told: [picture("b")] });
});
