// What runs teach about this machine's speed: a sweep, whose texts are encoded once, teaches it as one run does.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { frecas, openWorkplace, write } from "./frecas.ts";

const cwd = openWorkplace();

it("a run that encodes no text leaves the speed of text as it was measured", async () => {
  const stages = "[{ size: 128, steps: 30, until: 200 }, { size: 256, steps: 24 }]";
  const first = `name: a\nprompt: a lake\nstages: ${stages}\n`;
  write(join(cwd, "sweep.frecas"), `${first}---\nname: b\nextends: a\nseed: 2\n`);
  expect(await frecas(["run", "sweep.frecas"], { cwd })).toMatchObject({ code: 0 });
  const { rate } = JSON.parse(readFileSync(join(cwd, "cache/frecas/machine.json"), "utf8"));
  expect(rate.gflopsText).toBeGreaterThan(0);
  expect(rate.gflopsText).toBeLessThan(5000);
});
