// What the results page shows after what it was told and what was chosen.
import { expect, it } from "vitest";
import type { ShownPicture, ShownPreview, ToResults } from "../../extension/panel/messages.ts";
import {
  type Action,
  begin,
  emptyState,
  keep,
  type PageState,
  update,
} from "../../extension/webview/results/page-state.ts";
import {
  allSources,
  comparedSources,
  shownSource,
} from "../../extension/webview/results/sources.ts";

const size = { width: 512, height: 512 };

function picture(path: string, runId = 1): ShownPicture {
  const inside = { runId, stages: [], hasMaps: false, lowSize: null };
  return {
    path,
    source: `x:${path}`,
    recipe: "dawn",
    ...size,
    ...inside,
    seed: 1,
    atMs: 0,
    seconds: 1,
  };
}

const pictures: ToResults = {
  kind: "pictures",
  pictures: [picture("/b.png", 3), picture("/a.png")],
};
const recipe: ToResults = {
  kind: "recipe",
  uri: "file:///d.frecas",
  name: "dawn",
  file: "d.frecas",
};
const running: ToResults = {
  kind: "work",
  work: {
    kind: "running",
    runId: 3,
    size,
    stages: [size],
    place: null,
    secondsLeft: null,
    isStopping: false,
  },
};
const idle: ToResults = { kind: "work", work: { kind: "idle" } };

function preview(runId: number, stage: number, png: string): ToResults {
  return { kind: "preview", preview: { runId, stage, step: 0, png } satisfies ShownPreview };
}

function after(...changes: readonly (ToResults | Action)[]): PageState {
  return changes.reduce(update, emptyState);
}

function check(changes: readonly (ToResults | Action)[], shown: string | undefined): void {
  expect(shownSource(after(...changes))?.key).toBe(shown);
}

it("shows nothing before it is told of pictures", () => check([recipe], undefined));

it("shows the newest picture", () => check([recipe, pictures], "/b.png"));

it("shows what was chosen", () => check([pictures, { kind: "choose", key: "/a.png" }], "/a.png"));

it("shows the newest where the chosen one is gone", () =>
  check([pictures, { kind: "choose", key: "/gone.png" }], "/b.png"));

it("shows the run that is painted rather than a picture, and its later stage", () =>
  check([pictures, running, preview(3, 0, "p"), preview(3, 1, "q")], "stage 2"));

it("shows a picture where the previews are another run's", () =>
  check([pictures, running, preview(2, 0, "p")], "/b.png"));

it("stays with a choice while a run is painted, until it is told to follow", () => {
  const chosen: readonly (ToResults | Action)[] = [
    pictures,
    { kind: "choose", key: "/a.png" },
    running,
    preview(3, 0, "p"),
  ];
  check(chosen, "/a.png");
  check([...chosen, { kind: "follow", view: "picture", path: null }], "stage 1");
});

it("shows the picture that was asked for, also where it is told of it before all pictures", () => {
  const follow: ToResults = { kind: "follow", view: "picture", path: "/a.png" };
  check([recipe, follow, pictures], "/a.png");
  check([pictures, { kind: "choose", key: "/b.png" }, follow], "/a.png");
});

it("shows the finished picture when its run has ended", () =>
  check([running, preview(3, 0, "p"), pictures, idle], "/b.png"));

it("keeps the maps of a picture while another recipe is looked at", () => {
  const maps: ToResults = { kind: "maps", path: "/b.png", maps: null };
  const other: ToResults = { ...recipe, name: "dusk" };
  expect(after(recipe, pictures, maps, other).maps).toEqual({ path: "/b.png", maps: null });
  expect(after(recipe, pictures, maps, other).pictures).toBe(null);
});

it("keeps the last preview of each stage of one run", () => {
  const state = after(running, preview(3, 1, "b"), preview(3, 0, "a"), preview(3, 1, "c"));
  expect(state.previews.map(({ png }) => png)).toEqual(["a", "c"]);
  expect(update(state, { ...preview(4, 0, "d") }).previews.map(({ png }) => png)).toEqual(["d"]);
});

it("lays a preview where the finished picture will lie", () => {
  const [stage] = allSources(after(running, preview(3, 0, "p")));
  expect(stage?.size).toEqual(size);
});

it("compares the newest picture with the first stage, else with the picture before it", () => {
  const keys = (state: PageState) => {
    const { before, after: right } = comparedSources(state);
    return [before?.key, right?.key];
  };
  expect(keys(after(pictures))).toEqual(["/a.png", "/b.png"]);
  expect(keys(after(running, preview(3, 0, "p"), pictures, idle))).toEqual(["stage 1", "/b.png"]);
  const chosen = { kind: "compare", before: "/b.png", after: "/a.png" } as const;
  expect(keys(after(pictures, chosen))).toEqual(["/b.png", "/a.png"]);
});

it("takes the stages of one run for no other run's picture", () => {
  const other: ToResults = {
    kind: "pictures",
    pictures: [picture("/c.png", 4), picture("/b.png", 3)],
  };
  const state = after(running, preview(3, 0, "p"), pictures, idle, other);
  expect(allSources(state).map(({ key }) => key)).toEqual(["/c.png", "/b.png"]);
  expect(comparedSources(state).before?.key).toBe("/b.png");
});

it("remembers which run was painted until nothing more is to do, and of this recipe only", () => {
  expect(after(idle).painted).toBe(null);
  expect(after(running).painted).toBe(null);
  expect(after(running, idle, pictures, idle).painted).toBe(3);
  expect(after(running, idle, pictures, running).painted).toBe(null);
  const failed: ToResults = { kind: "work", work: { kind: "failed", runId: 3, message: "no" } };
  expect(after(running, failed, pictures).painted).toBe(null);
  expect(after(recipe, running, idle, pictures, { ...recipe, name: "dusk" }).painted).toBe(null);
  expect(after(recipe, running, idle, { ...recipe, name: "dusk" }, pictures).painted).toBe(null);
});

it("waits for the pictures that are there when a run has ended", () => {
  expect(after(running, pictures, idle, idle).painted).toBe(null);
  expect(after(running, pictures, idle, pictures).painted).toBe(3);
  expect(after(running, pictures, idle, pictures, pictures).painted).toBe(3);
});

it("offers the stages of the picture that is compared with, where they are kept", () => {
  const stages = [{ stage: 0, source: "x:stage", width: 128, height: 128 }];
  const kept: ToResults = {
    kind: "pictures",
    pictures: [picture("/b.png"), { ...picture("/a.png"), stages }],
  };
  const compare = { kind: "view", view: "compare" } as const;
  const state = after(kept, compare, { kind: "choose", key: "/a.png" });
  const { before } = comparedSources(state);
  expect(before).toMatchObject({ key: "stage 1", url: "x:stage", size });
  expect(comparedSources(after(kept, compare)).before?.key).toBe("/a.png");
});

it("chooses what is compared with where a comparison is shown", () => {
  const state = after(
    pictures,
    { kind: "view", view: "compare" },
    { kind: "choose", key: "/a.png" },
  );
  expect(state).toMatchObject({ after: "/a.png", chosen: null });
});

it("keeps zoom and choices when pictures and previews come, and forgets them with another recipe", () => {
  const zoom = { kind: "scale", scale: 2, x: 0.3, y: 0.4 } as const;
  const state = after(
    recipe,
    pictures,
    { kind: "zoom", zoom },
    running,
    preview(3, 0, "p"),
    pictures,
    recipe,
  );
  expect(state.zoom).toEqual(zoom);
  const other = update(state, { ...recipe, name: "dusk" });
  expect(other).toMatchObject({ zoom: { kind: "fit" }, pictures: null, previews: [] });
});

it("begins in the next window with what was chosen", () => {
  const zoom = { kind: "scale", scale: 2, x: 0.3, y: 0.4 } as const;
  const state = after(
    recipe,
    pictures,
    { kind: "view", view: "compare" },
    { kind: "slide", share: 7 },
    { kind: "zoom", zoom },
  );
  const next = update(begin(keep(state)), recipe);
  expect(next).toMatchObject({ view: "compare", slider: 1, zoom, pictures: null });
});
