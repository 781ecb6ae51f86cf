// Stable Diffusion 3 at the tests' size, as its goldens have it and with T5.
import { readT5Config } from "../../daemon/config/t5-config.ts";
import { tiny } from "../plan/plan-inputs.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { readText } from "../support/published-run.ts";

export const sd3 = tiny("sd3");

export const sd3WithT5 = {
  ...sd3,
  thirdText: readT5Config(modelFixture("t5"), readText),
  tokenizers: {
    ...sd3.tokenizers,
    tokenizer_3: { kind: "t5", folder: modelFixture("t5/tokenizer_3") },
  },
} as typeof sd3;
