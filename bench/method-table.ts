// What the two tables of methods have in common.
import type { Plan } from "../daemon/plan/plan.ts";

export type Method = Plan["method"];

/** The plan of a text's one recipe; `folder` is where relative paths in it start. */
export type PlanRecipe = (text: string, folder: string) => Promise<Plan>;

/** A table in Markdown. */
export function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}
