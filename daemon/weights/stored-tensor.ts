// Where a tensor lies on disk: the only form in which weights are known outside the runtime.
// No values are here, and none are ever read through it.

/** Every element type of the safetensors format, with its size in bits. */
export const dtypeBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** As the format spells it. */
export type Dtype = keyof typeof dtypeBits;

/** A checked slice of a file: `length` is the product of `shape` times the size of `dtype`. */
export interface StoredTensor {
  /** Absolute, with every symlink resolved. */
  readonly file: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** A tensor with its key in the checkpoint. */
export interface NamedTensor extends StoredTensor {
  readonly name: string;
}
