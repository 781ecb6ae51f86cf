// A single .safetensors file by its header: a whole checkpoint, or what is wrong with it.
import type { LayoutRules } from "../config/family-rules.ts";
import { detectModel } from "../config/read-model.ts";
import { checkModel } from "../plan/check-model.ts";
import { checkpointIn } from "../weights/open-checkpoint.ts";
import { readHeaderLater } from "../weights/read-header-later.ts";
import type { ModelFacts, ModelState } from "./catalogue-entry.ts";
import { attempt, judge, refuseTypes, troubleOf } from "./judge.ts";
import { factsOf } from "./model-facts.ts";
import { type ModelPart, partIn } from "./model-part.ts";

export type ExaminedFile =
  | { readonly kind: "model"; readonly facts: ModelFacts | null; readonly state: ModelState }
  | { readonly kind: "part"; readonly part: ModelPart };

/** Never rejects for what is on the disk. `rules` are as in `readModel`. */
export async function examineFile(path: string, rules: LayoutRules): Promise<ExaminedFile> {
  try {
    const file = await readHeaderLater(path);
    const part = partIn([...file.tensors.keys()]);
    if (part !== null) return { kind: "part", part };
    const checkpoint = checkpointIn(file);
    const config = detectModel(path, checkpoint, rules);
    // T5 can be left out, whatever it is stored in.
    const needed = [...checkpoint.networks].filter(([component]) => component !== "text_encoder_3");
    const networks = needed.map(([, weights]) => weights);
    const checks = [() => checkModel(config), () => refuseTypes(networks)];
    const troubles = checks
      .map((check) => attempt(path, check))
      .flatMap((one) => ("trouble" in one ? [one.trouble] : []));
    return { kind: "model", facts: factsOf(config, networks), state: judge(troubles) };
  } catch (error) {
    return { kind: "model", facts: null, state: judge([troubleOf(path, error)]) };
  }
}
