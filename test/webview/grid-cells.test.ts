// The cells of a comparison, their captions and their columns; and what picking does.
import { expect, it } from "vitest";
import type { ShownMember, ShownPicture } from "../../extension/panel/messages.ts";
import {
  cellsOf,
  columnsFor,
  layoutOf,
  legendOf,
} from "../../extension/webview/results/grid-cells.ts";
import { emptyState, type PageState, update } from "../../extension/webview/results/page-state.ts";

const size = { width: 512, height: 256 };

function member(runId: number, label: string, more: Partial<ShownMember> = {}): ShownMember {
  return {
    runId,
    label,
    state: "done",
    why: "",
    size,
    steps: [30, 20],
    pictures: [`/${label}.png`],
    seconds: 12.4,
    plan: { cost: 6.074, of: "frecas", peakBytes: 1.5 * 2 ** 30 },
    engineBytes: 2 ** 31,
    ...more,
  };
}

function picture(label: string): ShownPicture {
  const inside = { runId: null, stages: [], hasMaps: false, lowSize: null };
  const path = `/${label}.png`;
  return {
    path,
    source: `x:${path}`,
    recipe: "r",
    ...size,
    ...inside,
    seed: 1,
    atMs: 0,
    seconds: 1,
  };
}

function state(members: readonly ShownMember[], more: Partial<PageState> = {}): PageState {
  const pictures = ["frecas", "direct"].map(picture);
  return { ...emptyState, pictures, members, layout: "grid", view: "compare", ...more };
}

const two = [member(1, "frecas"), member(2, "direct")];

it("a cell says what differs, and what it cost, with units", () => {
  const [cell] = cellsOf(state(two));
  expect(cell).toMatchObject({
    key: "/frecas.png",
    label: "frecas",
    facts:
      "12 s\u00a0· 30+20\u00a0steps\nwork\u00a06.07\u00a0×\u00a0frecas\n1.5\u00a0GB\u00a0planned",
    spoken:
      "frecas, painted in 12 s, 30+20 steps, 6.07 × the work of frecas, peak memory 1.5 GB, as planned, the engine has held 2.0 GB so far",
    url: "x:/frecas.png",
  });
});

it("a long name that work is a multiple of stands in the line below the pictures alone", () => {
  const plan = { cost: 2, of: "attention_reuse: 0", peakBytes: 2 ** 30 };
  const long = state([member(1, "frecas", { plan })]);
  expect(cellsOf(long)[0]?.facts).toContain("\nwork\u00a02.00\u00a0×\n1.0");
  expect(legendOf(long)).toContain("where attention_reuse: 0 has 1.");
  expect(legendOf(state([member(1, "frecas", { plan: null })]))).toBe("");
});

it.each<{ says: string; more: Partial<ShownMember>; facts: string }>([
  { says: "Waiting", more: { state: "waiting" }, facts: "Waiting" },
  {
    says: "Failed",
    more: { state: "failed", why: "memory: too little" },
    facts: "Failed: memory: too little",
  },
  { says: "Stopped", more: { state: "cancelled" }, facts: "Stopped" },
])("a run without a picture says $says, and cannot be compared", ({ more, facts }) => {
  const none = { pictures: [], seconds: null, plan: null, engineBytes: null };
  const cell = cellsOf(state([...two, member(3, "x", { ...none, ...more })])).at(-1);
  const steps = "\u00a0· 30+20\u00a0steps";
  expect(cell).toMatchObject({
    key: "run 3",
    facts: `${facts}${steps}`,
    url: undefined,
    source: null,
  });
});

it("a run whose pictures others have painted over has none, and says so", () => {
  const [, cell] = cellsOf(state([member(1, "direct"), member(2, "frecas", { pictures: [] })]));
  expect(cell).toMatchObject({ key: "run 2", url: undefined, source: null });
  expect(cell?.facts).toMatch(/^Painted over\s· 12 s/);
  expect(cell?.spoken).toMatch(/^frecas, Painted over, painted in 12 s/);
});

it("a run that is painted shows its own last preview", () => {
  const previews = [
    { runId: 3, stage: 0, step: 1, png: "p" },
    { runId: 3, stage: 1, step: 0, png: "q" },
  ];
  const running = { state: "running" as const, pictures: [] };
  const members = [...two, member(3, "x", running), member(4, "y", running)];
  const urls = cellsOf(state(members, { previews })).map(({ url }) => url);
  expect(urls.slice(2)).toEqual(["data:image/png;base64,q", undefined]);
});

it("pictures of the same proportions share one frame, others keep their own", () => {
  const small = { size: { width: 256, height: 128 } };
  const square = { size: { width: 256, height: 256 } };
  const cells = cellsOf(
    state([member(1, "frecas", small), member(2, "direct"), member(3, "x", square)]),
  );
  expect(cells.map((cell) => cell.size)).toEqual([size, size, square.size]);
});

it("several pictures of a run are told apart by their files", () => {
  const both = member(1, "frecas", { pictures: ["/frecas.png", "/direct.png"] });
  expect(cellsOf(state([both])).map(({ label }) => label)).toEqual([
    "frecas · frecas.png",
    "frecas · direct.png",
  ]);
});

it.each([
  { count: 4, room: { width: 900, height: 900 }, columns: 2 },
  { count: 4, room: { width: 1600, height: 400 }, columns: 4 },
  { count: 4, room: { width: 300, height: 1600 }, columns: 1 },
  { count: 3, room: { width: 900, height: 500 }, columns: 3 },
  { count: 1, room: { width: 900, height: 500 }, columns: 1 },
])(
  "$count squares lie in $columns columns in $room.width by $room.height",
  ({ count, room, columns }) => {
    expect(columnsFor(count, room, { width: 512, height: 512 })).toBe(columns);
  },
);

it("the second picture that is picked is compared with the first, and the same one twice is taken back", () => {
  const pick = (key: string) => ({ kind: "pick", key }) as const;
  const once = update(state(two), pick("/frecas.png"));
  expect(once).toMatchObject({ picked: "/frecas.png", layout: "grid" });
  expect(update(once, pick("/frecas.png"))).toMatchObject({ picked: null, layout: "grid" });
  expect(update(once, pick("/direct.png"))).toMatchObject({
    picked: null,
    before: "/frecas.png",
    after: "/direct.png",
    layout: "slider",
  });
});

it("there is a grid only where there is a comparison", () => {
  expect(layoutOf(state(two))).toBe("grid");
  expect(layoutOf(state([]))).toBe("slider");
  const follow = (view: "picture" | "compare") =>
    update({ ...state(two), layout: "slider" }, { kind: "follow", view, path: null });
  expect(follow("compare")).toMatchObject({ view: "compare", layout: "grid" });
  expect(follow("picture")).toMatchObject({ view: "picture", layout: "slider" });
});
