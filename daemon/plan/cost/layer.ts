// A network as a list of weighted layers: enough to count operations, parameters and working memory.
// Layers without weights and matrix products (activations, resampling) cost next to nothing and are left out.

/** Halvings from the network's full picture size, or rows that don't depend on the picture. */
export type Rows = number | "text" | "once";

/** Widths are channels. Attention counts QKᵀ and the product with V over `keys` columns. */
export type Layer =
  | {
      readonly kind: "convolution";
      /** Level of the output. */
      readonly level: number;
      readonly in: number;
      readonly out: number;
      readonly kernel: 1 | 2 | 3 | 5;
      /** Where it stands in the checkpoint; of the UNet's convolutions that a method may change. */
      readonly path?: string;
      /** How many times more cells it works on than its level has; absent: as many. */
      readonly growth?: number;
    }
  | {
      readonly kind: "linear";
      readonly rows: Rows;
      readonly in: number;
      readonly out: number;
      readonly bias: "with" | "without";
    }
  | {
      readonly kind: "attention";
      readonly rows: Rows;
      readonly keys: "own" | "text";
      readonly channels: number;
      readonly heads: number;
    }
  /** Of a level's cells and the text together: each row of either sees all rows of both. */
  | {
      readonly kind: "joint attention";
      readonly level: number;
      readonly channels: number;
      readonly heads: number;
    }
  | { readonly kind: "norm"; readonly channels: number }
  | { readonly kind: "table"; readonly entries: number; readonly width: number };

/** What a network is called with. Sides are cells of its full picture size: latent cells or pixels. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Text tokens. */
  readonly tokens: number;
  readonly batch: number;
}

/** Rows of one item of the batch. Odd sides are halved upward, as a strided convolution does. */
export function countRows(rows: Rows, grid: Grid): number {
  if (rows === "text") return grid.tokens;
  if (rows === "once") return 1;
  const scale = 2 ** rows;
  return Math.ceil(grid.width / scale) * Math.ceil(grid.height / scale);
}
