// Plans on their way into the queue: none is lost, none is out of its place, and no message is too long.
import { expect, it } from "vitest";
import type { Daemon } from "../../daemon/client/connect-daemon.ts";
import { submitPlans } from "../../daemon/client/submit-plans.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { mostMessageBytes } from "../../daemon/protocol/methods.ts";

async function check(sizes: readonly number[], expected: readonly number[]): Promise<void> {
  const plans = sizes.map((size, index) => ({ index, words: "ä".repeat(size / 2) }));
  const messages: number[] = [];
  const keys = new Set<string | null>();
  const ask = async (_: string, params: unknown) => {
    const { what, key } = params as { what: { plans: { index: number }[] }; key: string };
    expect(Buffer.byteLength(JSON.stringify(params))).toBeLessThan(mostMessageBytes);
    messages.push(what.plans.length);
    keys.add(key);
    return { ids: what.plans.map(({ index }) => index + 1), warnings: [] };
  };
  const daemon = { ask: ask as unknown as Daemon["ask"] };
  const ids = await submitPlans(daemon, plans as unknown as Plan[], { file: null, key: "the key" });
  expect(ids).toEqual(sizes.map((_, index) => index + 1));
  expect(messages).toEqual(expected);
  expect(keys.size).toBe(messages.length);
}

it("a few plans are one message", () => check([10, 10, 10], [3]));
it("many plans are several messages", () => check(Array(1100).fill(10), [500, 500, 100]));
it("large plans are as many messages as they need", () =>
  check(Array(5).fill(2_000_000), [2, 2, 1]));
it("no plan is no message", () => check([], []));
