// Lets ONNX Runtime write a network as it has prepared it, and mends what it writes: weights that its fastest kernels read
// in steps of 64 bytes are placed at any byte (the process would end), and names in an If's branches stand there twice
// (rewrite-model.ts).
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { entryFiles } from "../cache/entry.ts";
import { type Placement, rewriteModel } from "../graph/rewrite-model.ts";

/** AVX-512 loads as much at once. */
const alignment = 64;

/** Prepares `model` as `options` say and writes it to the empty `folder`. Throws what the runtime or the system says. */
export async function saveNetwork(
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
  folder: string,
): Promise<void> {
  const session = await InferenceSession.create(model, {
    ...options,
    optimizedModelFilePath: join(folder, entryFiles.graph),
    extra: {
      session: {
        ...(options.extra?.["session"] as Record<string, unknown> | undefined),
        optimized_model_external_initializers_file_name: entryFiles.weights,
        save_external_prepacked_constant_initializers: "1",
      },
    },
  });
  await session.release();
  align(folder);
}

/** Writes what is not aligned once more, at the end of the file. */
function align(folder: string): void {
  const weights = openSync(join(folder, entryFiles.weights), "r+");
  try {
    const written = fstatSync(weights).size;
    let end = written;
    const move = (place: Placement): Placement => {
      // On a full disk the runtime says nothing; what is mapped beyond a file's end would end the process.
      if (place.offset + place.length > written)
        throw new Error(`a disk that took only ${written} bytes`);
      if (place.offset % alignment === 0) return place;
      const offset = Math.ceil(end / alignment) * alignment;
      copyWithin(weights, place, offset);
      end = offset + place.length;
      return { ...place, offset };
    };
    const path = join(folder, entryFiles.graph);
    writeFileSync(path, rewriteModel(readFileSync(path), move));
  } finally {
    closeSync(weights);
  }
}

/** These are below a megabyte: the runtime aligns larger ones. */
function copyWithin(file: number, { offset, length }: Placement, target: number): void {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) throw new Error(`${entryFiles.weights} is shorter than its graph says`);
    done += count;
  }
  for (let done = 0; done < length; )
    done += writeSync(file, bytes, done, length - done, target + done);
}
