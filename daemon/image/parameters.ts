// The "parameters" text that AUTOMATIC1111's web UI writes into pictures and most tools read back:
// prompt, negative prompt, then one line of "Name: value" pairs. Its own plain type, so no plan is needed.
// Source: stable-diffusion-webui, modules/processing.py and modules/infotext_utils.py.

import type { Size } from "../base/size.ts";
import { showSize } from "../base/size.ts";

export interface Parameters {
  readonly prompt: string;
  readonly negative: string;
  /** Of all stages together. */
  readonly steps: number;
  /** A name those tools know, as "DDIM". */
  readonly sampler: string;
  readonly cfgScale: number;
  readonly seed: number;
  /** Pixels. */
  readonly size: Size;
  readonly model: string;
  /** More pairs, in their order; names of letters, digits, spaces, "-" and "/", two characters at least. */
  readonly extras: Readonly<Record<string, string | number>>;
}

/** The text. Whitespace around the prompts is lost, as in the original. */
export function parameters(values: Parameters): string {
  const pairs = Object.entries({
    Steps: values.steps,
    Sampler: values.sampler,
    "CFG scale": values.cfgScale,
    Seed: values.seed,
    Size: showSize(values.size, "x"),
    Model: values.model,
    ...values.extras,
  });
  const settings = pairs.map(([name, value]) => `${name}: ${quote(String(value))}`).join(", ");
  const negative = values.negative.trim();
  const lines = [values.prompt.trim(), negative && `Negative prompt: ${negative}`, settings];
  return lines.filter((line) => line !== "").join("\n");
}

/** Values that would end early, or be taken for JSON, are written as JSON. */
function quote(value: string): string {
  return /^"|[,\r\n:]/.test(value) ? JSON.stringify(value) : value;
}
