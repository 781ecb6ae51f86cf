// Methods → what answers them. Knows the queue and the planner, not sockets.
import type { MethodName, Params, Result } from "../protocol/methods.ts";
import type { Services } from "./services.ts";

/** Methods about the connection itself, or that need none, are answered where the connection is. */
type AnsweredMethod = Exclude<MethodName, "handshake" | "subscribe" | "shutdown">;

type Answers = {
  readonly [Name in AnsweredMethod]: (
    params: Params<Name>,
    services: Services,
  ) => Result<Name> | Promise<Result<Name>>;
};

export const answers: Answers = {
  submit: async ({ what, key }, services) => {
    if (what.kind === "plans") {
      const { file } = what;
      const checked = what.plans.map((plan) => services.checkPlan(plan));
      return {
        ids: [...(await services.queue.submit({ plans: checked, file }, key))],
        warnings: [],
      };
    }
    const { plans, warnings } = await services.planRecipe(what.recipe);
    const { file } = what.recipe;
    const ids = await services.queue.submit({ plans, file }, key);
    return { ids: [...ids], warnings: [...warnings] };
  },
  plan: async ({ recipe }, services) => {
    const { plans, warnings } = await services.planRecipe(recipe);
    return { plans: plans.map((plan) => ({ ...plan })), warnings: [...warnings] };
  },
  planMethods: async ({ recipe }, services) => {
    const { planned, leftOut, warnings } = await services.planMethods(recipe);
    return {
      plans: planned.map(({ plan }) => ({ ...plan })),
      leftOut: leftOut.map(({ label, why }) => ({ method: label, why })),
      warnings: [...warnings],
    };
  },
  list: (_, { queue }) => queue.snapshot(),
  get: ({ id }, { queue }) => {
    const { run, plan } = queue.get(id);
    return { run, plan: { ...plan } };
  },
  cancel: ({ id }, { queue }) => nothing(queue.cancel(id)),
  pause: ({ paused }, { queue }) => nothing(queue.pause(paused)),
  move: ({ id, before }, { queue }) => nothing(queue.move(id, before)),
  retry: ({ id }, { queue }) => nothing(queue.retry(id)),
  remove: ({ id }, { queue }) => nothing(queue.remove(id)),
  models: async (_, services) => ({
    models: (await services.listModels()).map((model) => ({ ...model })),
  }),
  doctor: (_, services) => services.doctor(),
  keep: ({ idleMs }, services) => {
    services.keep(idleMs);
    return {};
  },
};

/** The answer of a method that has no result, once it is done. */
async function nothing(done: Promise<void>): Promise<Record<string, never>> {
  await done;
  return {};
}
