// Changes where a saved ONNX model finds its weights, on the bytes as they are: all that is not about places stays.
// For models that ONNX Runtime wrote; its graphs in a graph name their weights twice, which it then refuses to read.
// Source: onnx/onnx.proto; prepacked_<n> as in onnxruntime/core/framework/tensor_external_data_info.cc.
import { decodeText, type Field, readFields, writeFields } from "./protobuf-fields.ts";

/** Bytes of the file beside the model. */
export interface Placement {
  readonly offset: number;
  readonly length: number;
}

/** The same model with each placement replaced by what `move` says. Throws where the bytes are no model. */
export function rewriteModel(
  model: Uint8Array,
  move: (placement: Placement) => Placement,
): Uint8Array {
  return changeFields(model, { 7: (graph) => rewriteGraph(graph, move) });
}

type Move = (placement: Placement) => Placement;

/** Initializers are field 5 of a graph; nodes are field 1, their attributes field 5, and a graph in one field 6. */
function rewriteGraph(graph: Uint8Array, move: Move): Uint8Array {
  const fields = readFields(graph);
  const last = new Map(
    fields.flatMap((field, index) => (field.number === 5 ? [[nameOf(field), index]] : [])),
  );
  const unique = fields.filter(
    (field, index) => field.number !== 5 || last.get(nameOf(field)) === index,
  );
  const inAttribute = (attribute: Uint8Array): Uint8Array =>
    changeFields(attribute, { 6: (inner) => rewriteGraph(inner, move) });
  return changeFields(writeFields(unique), {
    1: (node) => changeFields(node, { 5: inAttribute }),
    5: (initializer) => rewriteInitializer(initializer, move),
  });
}

function nameOf(initializer: Field): string {
  const name = readFields(initializer.payload).find(({ number }) => number === 8);
  return name === undefined ? "" : decodeText(name.payload);
}

/** Places are field 13, entries of a key and a value in text. */
function rewriteInitializer(initializer: Uint8Array, move: Move): Uint8Array {
  const entries = readFields(initializer).flatMap((field) =>
    field.number === 13 ? [entryOf(field)] : [],
  );
  const numberAt = (key: string): number =>
    Number(entries.find((entry) => entry.key === key)?.value ?? Number.NaN);
  const own = { offset: numberAt("offset"), length: numberAt("length") };
  if (Number.isNaN(own.offset + own.length)) return initializer;
  const moved = move(own);
  return changeFields(initializer, {
    13: (entry) => {
      const { key, value } = entryOf({ number: 13, wireType: 2, payload: entry });
      if (key === "offset") return entryBytes(key, String(moved.offset));
      return key.startsWith("prepacked_") ? entryBytes(key, movePacked(value, move)) : entry;
    },
  });
}

/** "name|offset;length;checksum|offset;length;checksum…": one buffer or several. */
function movePacked(value: string, move: Move): string {
  const [name, ...buffers] = value.split("|");
  const moved = buffers.map((buffer) => {
    const [offset, length, ...rest] = buffer.split(";");
    const place = move({ offset: Number(offset), length: Number(length) });
    return [place.offset, place.length, ...rest].join(";");
  });
  return [name, ...moved].join("|");
}

function entryOf({ payload }: Field): { readonly key: string; readonly value: string } {
  const text = (wanted: number): string => {
    const field = readFields(payload).find(({ number }) => number === wanted);
    return field === undefined ? "" : decodeText(field.payload);
  };
  return { key: text(1), value: text(2) };
}

function entryBytes(key: string, value: string): Uint8Array {
  const encode = new TextEncoder();
  return writeFields([
    { number: 1, wireType: 2, payload: encode.encode(key) },
    { number: 2, wireType: 2, payload: encode.encode(value) },
  ]);
}

function changeFields(
  message: Uint8Array,
  changes: Readonly<Record<number, (payload: Uint8Array) => Uint8Array>>,
): Uint8Array {
  return writeFields(
    readFields(message).map((field) => {
      const change = changes[field.number];
      return change === undefined ? field : { ...field, payload: change(field.payload) };
    }),
  );
}
