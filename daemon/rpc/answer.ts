// Methods → what answers them. Knows the queue and the planner, not sockets.
import type { MethodName, Params, Result } from "../protocol/methods.ts";
import type { Services } from "./services.ts";

/** Methods about the connection itself are answered where the connection is. */
export type AnsweredMethod = Exclude<MethodName, "handshake" | "subscribe">;

type Answers = {
  readonly [Name in AnsweredMethod]: (
    params: Params<Name>,
    services: Services,
  ) => Result<Name> | Promise<Result<Name>>;
};

export const answers: Answers = {
  submit: async ({ plans, file, key }, { queue, checkPlan }) => {
    const submissions = plans.map((plan) => ({ plan: checkPlan(plan), file }));
    return { ids: [...(await queue.submit(submissions, key))] };
  },
  list: (_, { queue }) => queue.snapshot(),
  get: ({ id }, { queue }) => {
    const { run, plan } = queue.get(id);
    return { run, plan: { ...plan } };
  },
  cancel: async ({ id }, { queue }) => {
    await queue.cancel(id);
    return {};
  },
  pause: async ({ paused }, { queue }) => {
    await queue.pause(paused);
    return {};
  },
  move: async ({ id, before }, { queue }) => {
    await queue.move(id, before);
    return {};
  },
  retry: async ({ id }, { queue }) => {
    await queue.retry(id);
    return {};
  },
  remove: async ({ id }, { queue }) => {
    await queue.remove(id);
    return {};
  },
  doctor: (_, services) => services.doctor(),
  shutdown: (_, services) => {
    services.shutdown();
    return {};
  },
};
