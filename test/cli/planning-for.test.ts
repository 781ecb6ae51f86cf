// The memory that the command line's plans are made for: what the daemon's engine keeps is there for the daemon's runs alone.
import { expect, it, onTestFinished, vi } from "vitest";
import { openContext } from "../../daemon/cli/cli-context.ts";
import { planningFor } from "../../daemon/cli/painter.ts";

const context = { ...openContext(import.meta.url), availableBytes: () => 7 };
const available = (options: Parameters<typeof planningFor>[1]): number =>
  planningFor(context, options).availableBytes();

it("is the machine's where the daemon may paint", () => expect(available({})).toBe(7));

it.each([{ daemon: false }, { cache: false }])(
  "is what the system says where an engine of this process's own does: %j",
  (options) => expect(available(options)).toBeGreaterThan(2 ** 20),
);

it("of a container's memory leaves the daemon's engine what it holds", () => {
  const limit = vi.spyOn(process, "constrainedMemory").mockReturnValue(4 * 2 ** 30);
  onTestFinished(() => limit.mockRestore());
  const own = planningFor({ ...context, keptBytes: () => 3 * 2 ** 30 }, { daemon: false });
  expect(own.availableBytes()).toBeLessThan(2 ** 30);
});
