// The goldens: numbers that the published Python code computed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readTensors } from "./read-tensors.ts";

const folder = fileURLToPath(new URL("../goldens/", import.meta.url));

/** Path of a file of the goldens. */
export const golden = (name: string): string => `${folder}${name}`;

/** A JSON file of the goldens. */
export const readGoldenJson = <T>(name: string): T =>
  JSON.parse(readFileSync(golden(name), "utf8")) as T;

/** Every tensor of a file of the goldens as float32 (integers are converted). */
export const readGolden = (name: string): ReadonlyMap<string, Tensor> => readTensors(golden(name));
