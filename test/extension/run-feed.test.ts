// The feed of runs against the real daemon: what it folds is what the daemon lists, whatever ends in between.
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { endDaemon, findDaemon } from "../../daemon/client/connect-daemon.ts";
import { type FeedChange, openRunFeed, type RunFeed } from "../../extension/client/run-feed.ts";
import manifest from "../../package.json" with { type: "json" };
import { longRecipe, tinyRecipe } from "../cli/frecas.ts";
import { type DaemonHome, openDaemonHome } from "../daemon/daemon-home.ts";
import { installVersion } from "../daemon/other-version.ts";

/** A feed of that home, and what it has told. */
function openFeed(
  home: DaemonHome,
  idleMs = 600_000,
  wantsPreviews = () => true,
): {
  readonly feed: RunFeed;
  readonly changes: FeedChange[];
  readonly starts: () => number;
} {
  let starts = 0;
  const feed = openRunFeed({
    places: home.places,
    version: manifest.version,
    start: () => {
      starts += 1;
      home.start();
      return undefined;
    },
    idleMs: () => idleMs,
    wantsPreviews,
  });
  onTestFinished(() => feed.dispose());
  const changes: FeedChange[] = [];
  feed.onChange((change) => void changes.push(change));
  return { feed, changes, starts: () => starts };
}

function submit(home: DaemonHome, feed: RunFeed, text: string, output: string) {
  const recipe = {
    text: `${text}output: ${output}.png\nname: ${output}\n`,
    file: join(home.folder, "a.frecas"),
    name: null,
    changes: {},
  };
  return feed.ask("submit", { what: { kind: "recipe", recipe }, key: null });
}

/** What the feed knows is what the daemon lists at that moment. */
async function check(feed: RunFeed): Promise<void> {
  const agree = async (): Promise<boolean> => {
    const { place: _, ...listed } = await feed.ask("list", {});
    const { link, ...known } = feed.snapshot();
    expect(link).toBe("up");
    return JSON.stringify(known) === JSON.stringify(listed);
  };
  await vi.waitUntil(agree, { timeout: 10_000 });
}

const linksOf = (feed: RunFeed): string => feed.snapshot().link;

it("attach starts nothing, and finds a daemon that somebody else starts later", async () => {
  const home = openDaemonHome();
  const { feed, starts } = openFeed(home);
  expect(await feed.attach()).toBe(false);
  expect([linksOf(feed), starts(), home.processes("daemon")]).toEqual(["off", 0, []]);
  home.start();
  await vi.waitUntil(() => linksOf(feed) === "up", { timeout: 20_000 });
  expect(starts()).toBe(0);
  expect(await feed.attach()).toBe(true);
});

it("a request starts one daemon, however many come at once, and the fold is what the daemon lists", async () => {
  const home = openDaemonHome();
  const { feed, changes, starts } = openFeed(home);
  const submitted = await Promise.all(
    ["one", "two", "three"].map((name) => submit(home, feed, tinyRecipe(), name)),
  );
  expect(starts()).toBe(1);
  expect(submitted.flatMap(({ ids }) => ids).toSorted()).toEqual([1, 2, 3]);
  await check(feed);
  await feed.ask("move", { id: 3, before: null });
  await check(feed);
  const isOver = (): boolean =>
    feed.snapshot().runs.filter(({ state }) => state.kind === "done").length === 3;
  await vi.waitUntil(isOver, { timeout: 60_000, interval: 50 });
  await feed.ask("remove", { id: 2 });
  await feed.ask("pause", { paused: true });
  await check(feed);
  expect(feed.snapshot()).toMatchObject({ paused: true, runs: [{ id: 1 }, { id: 3 }] });
  const steps = changes.flatMap((change) =>
    change.kind === "progress" && change.event.kind === "step" ? [change] : [],
  );
  expect(steps.filter(({ id }) => id === 1).map(({ event }) => event)).toMatchObject([
    { stage: 0, step: 0, done: 1, total: 3 },
    { stage: 0, step: 1, done: 2, total: 3 },
    { stage: 1, step: 0, done: 3, total: 3 },
  ]);
});

it("a feed whose daemon is killed keeps what it knew, and comes back by itself without starting one", async () => {
  const home = openDaemonHome();
  const { feed, changes, starts } = openFeed(home);
  await submit(home, feed, longRecipe, "long");
  await submit(home, feed, tinyRecipe(), "waits");
  const isPainted = (): boolean => feed.preview(1) !== undefined;
  await vi.waitUntil(isPainted, { timeout: 60_000, interval: 20 });
  const [run] = feed.snapshot().runs;
  expect(run?.state).toMatchObject({ kind: "running", progress: { total: 2000 } });
  home.kill("daemon", "engine");
  await vi.waitUntil(() => linksOf(feed) === "lost");
  expect(feed.snapshot().runs.map(({ name }) => name)).toEqual(["long", "waits"]);
  expect(feed.preview(1)).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([starts(), home.processes("daemon")]).toEqual([1, []]);

  const before = changes.length;
  home.start();
  await vi.waitUntil(() => linksOf(feed) === "up", { timeout: 20_000 });
  const goesOn = (): boolean =>
    changes.slice(before).some((change) => change.kind === "progress" && change.id === 1);
  await vi.waitUntil(goesOn, { timeout: 60_000 });
  await feed.ask("cancel", { id: 1 });
  const isOver = (): boolean => feed.snapshot().runs[1]?.state.kind === "done";
  await vi.waitUntil(isOver, { timeout: 60_000, interval: 50 });
  await check(feed);
});

it("previews come as long as the settings say, and no event comes twice for that", async () => {
  const home = openDaemonHome();
  let areWanted = false;
  const { feed, changes } = openFeed(home, 600_000, () => areWanted);
  await submit(home, feed, longRecipe, "long");
  const steps = (from: number): readonly number[] =>
    changes
      .slice(from)
      .flatMap((change) =>
        change.kind === "progress" && change.event.kind === "step" ? [change.event.done] : [],
      );
  const goOn = async (): Promise<number> => {
    const from = changes.length;
    await vi.waitUntil(() => steps(from).length > 2, { timeout: 60_000 });
    return from;
  };
  const previewsSince = (from: number): number =>
    changes.slice(from).filter(({ kind }) => kind === "preview").length;
  expect(previewsSince(await goOn())).toBe(0);
  areWanted = true;
  await feed.applySettings();
  await vi.waitUntil(() => feed.preview(1) !== undefined, { timeout: 60_000 });
  // Meanwhile steps pile up in the socket, unread.
  for (const begin = performance.now(); performance.now() - begin < 300; );
  areWanted = false;
  await feed.applySettings();
  expect(feed.preview(1)).toBeUndefined();
  expect(previewsSince(await goOn())).toBe(0);
  expect(steps(0)).toEqual([...new Set(steps(0))].toSorted((one, other) => one - other));
  await feed.ask("cancel", { id: 1 });
  await check(feed);
});

it("settings that change while a daemon is met are told to it", async () => {
  const home = openDaemonHome();
  let areWanted = false;
  let applied: Promise<void> | undefined;
  const opened = openFeed(home, 600_000, () => {
    const before = areWanted;
    // A moment later, when what they say now is on its way to the daemon.
    applied ??= Promise.resolve().then(() => {
      areWanted = true;
      return opened.feed.applySettings();
    });
    return before;
  });
  const { feed } = opened;
  await submit(home, feed, longRecipe, "long");
  await applied;
  await vi.waitUntil(() => feed.preview(1) !== undefined, { timeout: 60_000 });
  await feed.ask("cancel", { id: 1 });
  await check(feed);
});

it("a daemon's failure reaches who asked, and a disposed feed holds no daemon up", async () => {
  const home = openDaemonHome();
  const { feed } = openFeed(home, 300);
  home.start();
  await vi.waitUntil(() => feed.attach(), { timeout: 20_000 });
  await expect(feed.ask("cancel", { id: 7 })).rejects.toMatchObject({ code: "run.missing" });
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(home.processes("daemon")).toHaveLength(1);
  feed.dispose();
  await vi.waitUntil(() => home.processes("daemon").length === 0, { timeout: 10_000 });
});

it("a window whose daemon is older gets its own once that one has nothing to do", async () => {
  const home = openDaemonHome();
  installVersion(home, { version: "0.0.9" }).start();
  const { feed, starts } = openFeed(home);
  await vi.waitUntil(() => feed.attach(), { timeout: 20_000 });
  const [old] = home.processes("daemon");
  await feed.ask("list", {});
  await vi.waitUntil(() => linksOf(feed) === "up", { timeout: 20_000 });
  expect(starts()).toBe(1);
  await vi.waitUntil(() => !home.processes("daemon").some((pid) => pid === old));
  expect(home.processes("daemon")).toHaveLength(1);
});

it("a daemon that is started anew goes on with its runs", async () => {
  const home = openDaemonHome();
  const { feed, changes } = openFeed(home);
  await submit(home, feed, longRecipe, "long");
  const isPainted = (from: number): boolean =>
    changes.slice(from).some((change) => change.kind === "progress" && change.id === 1);
  await vi.waitUntil(() => isPainted(0), { timeout: 60_000 });
  const [old] = home.processes("daemon");
  await feed.restart();
  const from = changes.length;
  expect(home.processes("daemon")).not.toContain(old);
  expect(linksOf(feed)).toBe("up");
  await vi.waitUntil(() => isPainted(from), { timeout: 60_000 });
});

it("a window that met a daemon of another protocol finds the one that comes after it", async () => {
  const home = openDaemonHome();
  installVersion(home, { version: "90.0.0", protocol: 90 }).start();
  const { feed, starts } = openFeed(home);
  const isRefused = (): Promise<boolean> =>
    findDaemon(home.places, "test").then(
      () => false,
      ({ code }) => code === "daemon.version",
    );
  await vi.waitUntil(isRefused, { timeout: 20_000 });
  await expect(feed.ask("list", {})).rejects.toMatchObject({ code: "daemon.version" });
  expect(await feed.attach()).toBe(false);
  await endDaemon(home.places, null);
  home.start();
  await vi.waitUntil(() => linksOf(feed) === "up", { timeout: 20_000 });
  expect(starts()).toBe(0);
});
