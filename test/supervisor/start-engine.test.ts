// The parent's end of an engine, whose process is played by a script: replies go to the request that they are about.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Plan } from "../../daemon/plan/plan.ts";
import { ENGINE_PROTOCOL } from "../../daemon/protocol/engine-message.ts";
import { startEngine } from "../../daemon/supervisor/start-engine.ts";
import { bundles } from "../cli/frecas.ts";

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
      send({ kind: "event", atMs: 1, event: { kind: "picture", prompt: 0, image: 0, path: plan, again: false } });
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
  const picture = (path: string) => ({ kind: "picture", prompt: 0, image: 0, path, again: false });
  const [first, doctor, last] = await Promise.all([run("a"), engine.doctor(), run("b")]);
  expect(first).toEqual({ kind: "done", told: [picture("a")] });
  expect(doctor.outcome.kind).toBe("report");
  expect(last).toEqual({ kind: "done", told: [picture("b")] });
});

it.runIf(process.platform === "linux")(
  "an engine tells of the memory that it would give back, and not of files that it maps",
  async () => {
    const [heldBytes, status] = await new Promise<readonly [number, string]>((resolve) => {
      const engine = startEngine(bundles.engine, {
        onHeartbeat: (bytes) =>
          resolve([bytes, readFileSync(`/proc/${engine.pid}/status`, "utf8")]),
      });
      onTestFinished(engine.kill);
    });
    const [all = 0, mapped = 0] = ["VmRSS", "RssFile"].map(
      (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024,
    );
    expect(heldBytes).toBeGreaterThan(2 ** 20);
    // The process has changed a little since it said so.
    expect(heldBytes).toBeLessThan(all - mapped / 2);
  },
);

it("an engine reports to nobody: its runtime leaves nothing in the temporary folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "frecas-quiet-"));
  vi.stubEnv("TMPDIR", folder);
  vi.stubEnv("ORT_DISABLE_TELEMETRY", undefined);
  const engine = startEngine(bundles.engine);
  onTestFinished(() => {
    engine.kill();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  expect((await engine.doctor()).outcome.kind).toBe("report");
  expect(readdirSync(folder)).toEqual([]);
});
