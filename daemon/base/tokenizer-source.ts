// Where the words of a text encoder come from, as plain data.

/**
 * CLIP's vocabulary from a folder of the model or built in, or T5's, whose folder is null where it is built in. `padding`:
 * a short text is filled up with the token that ends it, or with the vocabulary's first one.
 */
export type TokenizerSource =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "t5"; readonly folder: string | null }
  | { readonly kind: "built-in"; readonly padding: "end" | "first" };
