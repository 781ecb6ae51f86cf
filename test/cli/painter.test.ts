// Who paints the command line's plans: what becomes of them where the daemon takes only some.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { outputFailed } from "../../daemon/base/failure.ts";
import type { CliContext } from "../../daemon/cli/cli-context.ts";
import { openPainter } from "../../daemon/cli/painter.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { serve, token } from "../rpc/served.ts";

it("a daemon that refuses the second part of a submit paints none of the first, and is left", async () => {
  const { path, services, asked } = await serve();
  const { queue } = services;
  const { listen } = queue.events;
  let hasLeft = false;
  Object.assign(queue.events, {
    listen: (heard: () => void) => {
      const stop = listen(heard);
      return () => {
        hasLeft = true;
        stop();
      };
    },
  });
  let parts = 0;
  Object.assign(queue, {
    submit: async ({ plans }: { readonly plans: readonly unknown[] }) => {
      parts += 1;
      if (parts > 1) throw outputFailed("journal", "a full disk");
      return plans.map((_, index) => index + 1);
    },
  });
  const tokenFile = join(dirname(path), "token");
  writeFileSync(tokenFile, token);
  const context = {
    daemon: { socket: path, token: tokenFile },
    networks: () => null,
  } as unknown as CliContext;
  // Two of them fill a message.
  const plan = { words: "a".repeat(2_000_000) } as unknown as Plan;
  await expect(openPainter([plan, plan, plan], null, context, {})).rejects.toMatchObject({
    code: "output.failed",
  });
  expect(asked).toEqual(["cancel 2", "cancel 1"]);
  await expect.poll(() => hasLeft).toBe(true);
});
