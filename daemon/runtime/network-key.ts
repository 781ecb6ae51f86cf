// The name under which a prepared network is kept: a hash of all that it was made from. Whatever changes there, the runtime,
// the processor, the graph or a file of weights, gives another name, so that an entry never has to be compared.
import { createHash } from "node:crypto";
import { env } from "onnxruntime-node";
import { CACHE_FORMAT } from "../cache/entry.ts";
import type { GraphData } from "../graph/onnx.ts";
import { identifyFile } from "../weights/identify-file.ts";
import { describeProcessor } from "./processor.ts";

/** `model` are the bytes of `graph`. Throws where a file of weights is not there. */
export function networkKey(graph: GraphData, model: Uint8Array, provider: string): string {
  const files = new Set(
    graph.initializers.flatMap(({ content }) =>
      content instanceof Uint8Array ? [] : [content.file],
    ),
  );
  const made = {
    format: CACHE_FORMAT,
    runtime: env.versions,
    provider,
    processor: describeProcessor(),
    files: [...files].map(identifyFile),
  };
  return createHash("sha256").update(JSON.stringify(made)).update(model).digest("hex").slice(0, 40);
}
