// MT19937, the generator of bits under both torch's CPU generator and Python's random module.
// Matsumoto and Nishimura 1998, in their reference implementation's order of words.

const stateSize = 624;
const middle = 397;

/** Where a generator stands: its 624 words, and how many of them are used up. */
export interface TwisterState {
  readonly words: Uint32Array;
  readonly next: number;
}

export class MersenneTwister {
  readonly #words: Uint32Array;
  #next: number;

  /** Copies `state`. */
  constructor(state: TwisterState) {
    this.#words = state.words.slice();
    this.#next = state.next;
  }

  /** A copy, which later draws leave as it is. */
  state(): TwisterState {
    return { words: this.#words.slice(), next: this.#next };
  }

  /** The next 32 bits. */
  draw(): number {
    if (this.#next >= stateSize) this.#twist();
    let y = this.#words[this.#next] as number;
    this.#next += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const words = this.#words;
    const at = (index: number): number => words[index % stateSize] as number;
    for (let index = 0; index < stateSize; index += 1) {
      const mixed = (at(index) & 0x80000000) | (at(index + 1) & 0x7fffffff);
      words[index] = at(index + middle) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

/** init_genrand: the state after a seed of 32 bits. */
export function seededBy(seed: number): TwisterState {
  const words = new Uint32Array(stateSize);
  words[0] = seed;
  for (let index = 1; index < stateSize; index += 1) {
    const before = words[index - 1] as number;
    words[index] = Math.imul(1812433253, before ^ (before >>> 30)) + index;
  }
  return { words, next: stateSize };
}

/** init_by_array: the state after a list of words of 32 bits, one at least. */
export function seededByArray(key: readonly number[]): TwisterState {
  const { words, next } = seededBy(19650218);
  const mixed = (index: number): number => {
    const before = words[(index || stateSize) - 1] as number;
    return before ^ (before >>> 30);
  };
  let index = 1;
  const advance = (): void => {
    index += 1;
    if (index < stateSize) return;
    words[0] = words[stateSize - 1] as number;
    index = 1;
  };
  for (let count = 0; count < Math.max(stateSize, key.length); count += 1) {
    const place = count % key.length;
    words[index] =
      ((words[index] as number) ^ Math.imul(mixed(index), 1664525)) +
      (key[place] as number) +
      place;
    advance();
  }
  for (let count = 0; count < stateSize - 1; count += 1) {
    words[index] = ((words[index] as number) ^ Math.imul(mixed(index), 1566083941)) - index;
    advance();
  }
  words[0] = 0x80000000;
  return { words, next };
}
