// Variants of a network: few are open at once, and the one that was not called for longest makes room.
import { expect, test } from "vitest";
import { openVariants } from "../../daemon/pipeline/open-variants.ts";

/** What is open after each call, in the order of opening. */
async function check(
  calls: readonly (readonly [string, number])[],
  expected: readonly string[],
): Promise<void> {
  const open = new Set<string>();
  let made = 0;
  const variants = openVariants((variant: { readonly name: string }) => {
    made += 1;
    return {
      call: () => open.add(variant.name),
      close: async () => void open.delete(variant.name),
    };
  });
  const seen: string[] = [];
  for (const [name, atOnce] of calls) {
    const network = await variants.get({ name }, atOnce);
    network.call();
    seen.push([...open].join(""));
  }
  expect(seen).toEqual(expected);
  expect(made).toBe(new Set(calls.map(([name]) => name)).size);
  await variants.close();
  expect([...open]).toEqual([]);
}

test("one at once closes the one before", () =>
  check(
    [
      ["a", 1],
      ["b", 1],
      ["b", 1],
      ["a", 1],
    ],
    ["a", "b", "b", "a"],
  ));

test("two at once stay open while they take turns, and a third takes the older one's place", () =>
  check(
    [
      ["a", 2],
      ["b", 2],
      ["a", 2],
      ["b", 2],
      ["c", 2],
      ["b", 2],
      ["c", 1],
    ],
    ["a", "ab", "ab", "ab", "bc", "bc", "c"],
  ));
