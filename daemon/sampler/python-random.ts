// Python's random.randint, for methods whose published code draws with it.
// Reference: CPython Lib/random.py (_randbelow_with_getrandbits) and Modules/_randommodule.c.
import { MersenneTwister, seededByArray, type TwisterState } from "./mersenne-twister.ts";

/** random.Random(seed) for a seed of 0..2³²−1. */
export class PythonRandom {
  readonly #bits: MersenneTwister;

  /** `start` is a seed, or where another generator stood. */
  constructor(start: number | TwisterState) {
    this.#bits = new MersenneTwister(typeof start === "number" ? seededByArray([start]) : start);
  }

  /** A copy, which later draws leave as it is. */
  state(): TwisterState {
    return this.#bits.state();
  }

  /** A whole number from `low` to `high`, both included; fewer than 2³² of them. */
  integer(low: number, high: number): number {
    const count = high - low + 1;
    const surplus = Math.clz32(count);
    let value = count;
    while (value >= count) value = this.#bits.draw() >>> surplus;
    return low + value;
  }
}
