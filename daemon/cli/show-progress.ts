// A run's events as people watch them: one moving line on a terminal, a line an event elsewhere.
import { shorten } from "../base/shorten.ts";
import { showSize } from "../base/size.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import type { EngineEvent } from "../supervisor/start-engine.ts";
import type { Terminal } from "./terminal.ts";

type Step = Extract<RunEvent, { kind: "step" }>;

type CacheEvent = Extract<RunEvent, { kind: "cache" }>;

/** The listener of one run. Pictures are results; all else is about the way there. */
export function showProgress(plan: Plan, terminal: Terminal): (event: EngineEvent) => void {
  let firstCallMs: number | null = null;
  return ({ event, atMs }) => {
    switch (event.kind) {
      case "opening":
        return terminal.draw?.(`${plan.name}: opening ${event.part} …`);
      case "calling":
        if (event.part === "denoiser") firstCallMs ??= atMs;
        if (event.part.startsWith("vae")) terminal.draw?.(`${plan.name}: ${event.part} …`);
        return;
      case "step":
        return showStep(
          plan,
          terminal,
          event,
          secondsLeft(plan, event, atMs - (firstCallMs ?? atMs)),
        );
      case "cache":
        return showCache(plan, terminal, event);
      case "picture":
        return terminal.out(event.path);
      case "opened":
      case "called":
      case "stage-kept":
        return;
      default:
        return event satisfies never;
    }
  };
}

/** Saving takes longer than opening, so it is said; a refusal is a warning that stays. */
function showCache(plan: Plan, terminal: Terminal, { part, state, note }: CacheEvent): void {
  if (state === "refused") terminal.err(`${plan.name}: ${note}`);
  if (state === "saving")
    terminal.draw?.(`${plan.name}: opening ${part} and keeping it prepared …`);
}

function showStep(plan: Plan, terminal: Terminal, event: Step, left: number): void {
  const stage = plan.stages[event.stage];
  const where = `stage ${event.stage + 1}/${plan.stages.length} ${stage ? showSize(stage.size) : ""}`;
  const step = `step ${event.step + 1}/${event.steps}`;
  if (terminal.draw === null) {
    terminal.err(`${plan.name}: ${where}, ${step}`);
    return;
  }
  const facts = `${where} · ${step} · ${showSeconds(left)} left`;
  const room = terminal.width - 1 - facts.length;
  const line = [...`${fitBar(plan.name, event, room)}${facts}`];
  terminal.draw(line.slice(0, terminal.width - 1).join(""));
}

/** Name and bar in `room` columns, or less of both, or the name alone, or nothing: the facts after them matter more. */
function fitBar(name: string, { done, total }: Step, room: number): string {
  const letters = [...name];
  const least = 8;
  const cells = Math.min(24, Math.max(least, room - letters.length - 2));
  const most = room - cells - 2;
  if (most < 4) return room > letters.length ? `${name} ` : "";
  const full = Math.round((done / total) * cells);
  const bar = "█".repeat(full) + "░".repeat(cells - full);
  return `${shorten(name, most)} ${bar} `;
}

/** The rest of the plan's work at the speed of what is done. */
function secondsLeft(plan: Plan, event: Step, elapsedMs: number): number {
  const perStep = plan.stages.map(
    (stage, index) => (plan.cost.denoiserByStage[index] ?? 0) / stage.steps.length,
  );
  const one = plan.cost.denoiserByStage.reduce((sum, cost) => sum + cost, 0);
  const earlier = plan.cost.denoiserByStage
    .slice(0, event.stage)
    .reduce((sum, cost) => sum + cost, 0);
  const done = event.prompt * one + earlier + (event.step + 1) * (perStep[event.stage] ?? 0);
  return (elapsedMs / 1000) * ((one * plan.prompts.length) / done - 1);
}

/** "12 s", "3 min", "1.5 h". */
function showSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
