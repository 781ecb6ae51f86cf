// One request → its events and the one `ended` reply. Whatever is thrown becomes an outcome.
import { Failure } from "../base/failure.ts";
import { type LatentMaps, previewMaker } from "../pipeline/preview-maker.ts";
import { parsePlan } from "../plan/parse-plan.ts";
import type { EngineReply, Outcome } from "../protocol/engine-message.ts";
import type { Preview } from "../protocol/preview.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import { examine } from "../runtime/examine.ts";
import { openCheckpointFile } from "./checkpoint-file.ts";
import type { Work } from "./request-queue.ts";
import type { StartRun } from "./run-starter.ts";
import { openTraceFolder } from "./trace-folder.ts";

/** What stays from request to request. */
export interface EngineParts {
  readonly startRun: StartRun;
  readonly maps: LatentMaps;
}

/** Never rejects. */
export async function answerRequest(
  request: Work,
  send: (reply: EngineReply) => void,
  isCancelled: () => boolean,
  { startRun, maps }: EngineParts,
): Promise<void> {
  const atMs = (): number => performance.now();
  const outcome = await settle(async () => {
    if (request.kind === "doctor") return { kind: "report", report: await examine() };
    const plan = parsePlan(request.plan);
    const onPreview = (preview: Preview): void => send({ kind: "preview", preview });
    const onEvent = (event: RunEvent): void => send({ kind: "event", atMs: atMs(), event });
    const checkpoint = await openCheckpointFile(request.checkpoint, plan, atMs);
    await startRun(plan, {
      onEvent,
      isCancelled,
      ...checkpoint,
      ...(await openTraceFolder(request.trace, checkpoint.from, onEvent)),
      ...(request.previews ? { onStep: previewMaker({ maps, nowMs: atMs, onPreview }) } : {}),
    });
    return { kind: "done" };
  });
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  send({ kind: "ended", atMs: atMs(), peakBytes, outcome });
}

async function settle(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure)
      return { kind: "failed", code: error.code, message: error.message };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "defect", message };
  }
}
