// Which files of a run belong to a picture.
import { expect, it } from "vitest";
import type { KeptStage } from "../../daemon/protocol/kept-stage.ts";
import { type KeptInside, keptInside, nothingInside } from "../../extension/panel/kept-inside.ts";

const side = (px: number) => ({ width: px, height: px });
const stages = [128, 256, 512].map((px) => ({ size: side(px), steps: 1 }));
const pictures = [
  { prompt: 0, image: 0, path: "/a0.png", atMs: 1 },
  { prompt: 0, image: 1, path: "/a1.png", atMs: 1 },
  { prompt: 1, image: 0, path: "/b0.png", atMs: 1 },
];
const stage = (prompt: number, stage: number, images: number, maps: string | null): KeptStage => ({
  prompt,
  stage,
  pictures: Array.from({ length: images }, (_, image) => `/${prompt}-${stage}-${image}.png`),
  maps,
});

function check(path: string, keptStages: KeptStage[], expected: KeptInside): void {
  expect(keptInside({ pictures, keptStages, stages }, path)).toEqual(expected);
}

const all = [stage(0, 1, 2, "/0-1.maps"), stage(0, 0, 2, "/0-0.maps"), stage(1, 0, 2, null)];

it("a picture has its own image of each stage, and the maps that were reused last", () =>
  check("/a1.png", all, {
    stages: [
      { stage: 0, path: "/0-0-1.png", size: side(128) },
      { stage: 1, path: "/0-1-1.png", size: side(256) },
    ],
    maps: { path: "/0-1.maps", image: 1 },
    lowSize: side(256),
  }));

it("a picture that all images began with is every image's", () =>
  check("/a1.png", [stage(0, 1, 1, null)], {
    stages: [{ stage: 1, path: "/0-1-0.png", size: side(256) }],
    maps: null,
    lowSize: side(256),
  }));

it("another prompt's stages are not a picture's", () =>
  check("/b0.png", all.slice(0, 2), { stages: [], maps: null, lowSize: side(256) }));

it("a picture that the run has not painted has nothing", () => check("/c.png", all, nothingInside));
