// ScaleCrafter's network calls: each step through the network that the plan says, and where it damps noise, once more
// without the prompt through a second one. The network is told the size of the picture that is painted.
import type { Plan } from "../plan/plan.ts";
import type { NetworkCall, SamplerParts } from "../sampler/sample.ts";
import { guidedDenoiser, type Texts } from "./guided-denoiser.ts";
import type { OpenModel } from "./open-model.ts";

type RedilatedPlan = Extract<Plan, { method: "scalecrafter" }>;

export function redilatedDenoiser(
  plan: RedilatedPlan,
  model: OpenModel,
  texts: Texts,
): SamplerParts["denoise"] {
  const { networks, dampingSides } = plan.scalecrafter;
  const through = networks.map((variant) => variantOf(plan, model, variant));
  const guided = through.map((network) => guidedDenoiser(plan, network, texts));
  const { uncond } = texts;
  // The side without the prompt alone; where nothing is guided, no step calls it.
  const unguided =
    uncond === null
      ? []
      : through.map((network) => guidedDenoiser(plan, network, { uncond: null, cond: uncond }));
  return async (call) => {
    const { at } = call;
    if (at.kind !== "redilated") throw new Error("scalecrafter: every step must name its network");
    const answer = await denoise(guided[at.network], call);
    if (at.damping === null) return answer;
    const isWhole = dampingSides === 2 && plan.stages[call.stage]?.sides === "together";
    const second = await denoise((isWhole ? guided : unguided)[at.damping], call);
    return { ...answer, damping: second.uncond ?? second.cond };
  };
}

function denoise(denoiser: SamplerParts["denoise"] | undefined, call: NetworkCall) {
  if (denoiser === undefined) throw new Error("scalecrafter: a step's network must be in the plan");
  return denoiser(call);
}

/** The model with another network in the place of its own. */
function variantOf(
  { stages, scalecrafter }: RedilatedPlan,
  model: OpenModel,
  variant: RedilatedPlan["scalecrafter"]["networks"][number],
): Pick<OpenModel, "predict"> {
  return {
    predict: (call) => {
      const { width = 0, height = 0 } = stages[call.stage]?.size ?? {};
      const timeIds = [height, width, 0, 0, height, width] as const;
      const { networksAtOnce } = scalecrafter;
      return model.predict({ ...call, variant, networksAtOnce, timeIds: [timeIds] });
    },
  };
}
