// The name under which a prepared network is kept: a hash of all that it was made from. Whatever changes there, the runtime,
// the processor, the graph or a file of weights, gives another name, so that an entry never has to be compared.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { env } from "onnxruntime-node";
import { CACHE_FORMAT } from "../cache/entry.ts";
import type { GraphData } from "../graph/onnx.ts";
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
    files: [...files].map(identify),
  };
  return createHash("sha256").update(JSON.stringify(made)).update(model).digest("hex").slice(0, 40);
}

/**
 * A file that was replaced or written to is another one. Its time of change cannot be set back, as the time of its content
 * can by whoever unpacks or copies; neither a copy under the same name nor one of the same size passes for it.
 */
function identify(file: string) {
  const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return [file, ...[ino, size, mtimeNs, ctimeNs].map(String)];
}
