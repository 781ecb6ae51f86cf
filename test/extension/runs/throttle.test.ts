// Many calls become few, and the last of them is never lost.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { throttle } from "../../../extension/runs/throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("the first call is at once, and one follows for all that came meanwhile", () => {
  let works = 0;
  const throttled = throttle(() => {
    works += 1;
  }, 250);
  for (let call = 0; call < 10; call += 1) throttled.call();
  expect(works).toBe(1);
  vi.advanceTimersByTime(250);
  expect(works).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(works).toBe(2);
  for (let ms = 0; ms < 1000; ms += 10) {
    throttled.call();
    vi.advanceTimersByTime(10);
  }
  expect(works).toBe(7);
  throttled.call();
  throttled.dispose();
  vi.advanceTimersByTime(1000);
  expect(works).toBe(7);
});
