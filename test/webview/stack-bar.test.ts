// Where the parts of a bar are.
import { expect, it } from "vitest";
import { stackBar } from "../../extension/webview/plan/stack-bar.ts";

it("parts stand one behind the other, in proportion", () =>
  expect(stackBar([1, 3, 4], { width: 80, whole: 10 })).toEqual([
    { x: 0, width: 8 },
    { x: 8, width: 24 },
    { x: 32, width: 32 },
  ]));

it("a part of nothing has a place and no width", () =>
  expect(stackBar([0, 2], { width: 10, whole: 2 })).toEqual([
    { x: 0, width: 0 },
    { x: 0, width: 10 },
  ]));
