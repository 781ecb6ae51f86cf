// The daemon started anew: when it is asked about, and how people come to it.
import { expect, it } from "vitest";
import { otherDaemon } from "../../../daemon/base/failure.ts";
import { failureOffers } from "../../../extension/runs/failure-offers.ts";
import { restartQuestion } from "../../../extension/runs/restart-question.ts";
import manifest from "../../../package.json" with { type: "json" };
import { done, running, someFeed, someRun } from "./some-runs.ts";

it("it is asked about where a run may be painted, which goes on afterwards", () => {
  expect(restartQuestion(someFeed([]))).toBeUndefined();
  expect(
    restartQuestion(someFeed([someRun(1, done), someRun(2, { kind: "queued" })])),
  ).toBeUndefined();
  expect(restartQuestion(someFeed([someRun(1, done), someRun(2, running(0, 3))]))).toMatch(
    /^dawn is being painted\. It goes on from its last checkpoint afterwards/,
  );
  expect(restartQuestion(someFeed([], { link: "off" }))).toMatch(/^It may be painting\./);
});

const titlesOf = (...given: Parameters<typeof failureOffers>): readonly string[] =>
  failureOffers(...given).map(({ title }) => title);

it("a daemon of another protocol is told with a button that restarts it", () => {
  expect(titlesOf("daemon.version", false)).toEqual(["Restart the daemon", "Open log"]);
  expect(titlesOf("memory.short", false)).toEqual(["Open log"]);
  expect(titlesOf(undefined, false)).toEqual(["Open log"]);
  expect(titlesOf("recipe.invalid", true)).toEqual([]);
});

it("what messages offer is in the palette, where the workspace may paint", () => {
  const { commands } = manifest.contributes;
  for (const { command } of failureOffers("daemon.version", false))
    expect(commands.map((one) => one.command)).toContain(command);
  const restart = commands.find(({ command }) => command === "frecas.restartDaemon");
  expect(restart).toEqual({
    command: "frecas.restartDaemon",
    title: "Restart the Daemon",
    category: "FreCaS",
    icon: "$(debug-restart)",
    enablement: "isWorkspaceTrusted",
  });
  const { message } = otherDaemon(1, "protocol 2");
  expect(message).toContain(`"${restart?.category}: ${restart?.title}"`);
});
