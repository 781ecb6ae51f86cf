// A network in several variants over the same files, of which few are open at once: each is made when it is first asked for,
// and those that were not called for longest make room.

interface Closable {
  close(): Promise<void>;
}

interface OpenVariants<Variant, Network extends Closable> {
  /** The network of `variant`, after all but the latest `atOnce` of them, this one counted, are closed. */
  get(variant: Variant, atOnce: number): Promise<Network>;
  /** Closes all; they open again at their next call. */
  close(): Promise<void>;
}

/** Variants are plain data; equal ones are one. */
export function openVariants<Variant, Network extends Closable>(
  make: (variant: Variant) => Network,
): OpenVariants<Variant, Network> {
  // In the order of their last calls.
  const made = new Map<string, Network>();
  return {
    get: async (variant, atOnce) => {
      const key = JSON.stringify(variant);
      const network = made.get(key) ?? make(variant);
      made.delete(key);
      for (const other of [...made.values()].slice(0, made.size + 1 - atOnce)) await other.close();
      made.set(key, network);
      return network;
    },
    close: async () => {
      for (const network of made.values()) await network.close();
    },
  };
}
