// The type of a stored weight, as graphs name it.
import type { ElementType } from "../graph/onnx.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";

/** Of the three types that weights are stored in. */
export function elementType(dtype: StoredTensor["dtype"]): ElementType {
  switch (dtype) {
    case "F16":
      return "float16";
    case "BF16":
      return "bfloat16";
    default:
      return "float32";
  }
}
