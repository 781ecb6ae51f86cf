// The discrete Fourier transform of a line of any length: radix 2 for powers of two (Cooley, Tukey 1965), and for all
// others as a convolution that a power of two holds (Bluestein 1970). Exact to the rounding of doubles.

/** X_k = Σ_n x_n · exp(−2πi·k·n / length), in place. Both arrays hold `length` values. */
export type Fourier = (real: Float64Array, imaginary: Float64Array) => void;

/** The transform of lines of `length`, with its tables made once. */
export function fourier(length: number): Fourier {
  return (length & (length - 1)) === 0 ? radixTwo(length) : bluestein(length);
}

function radixTwo(length: number): Fourier {
  const places = reversedPlaces(length);
  const cosines = Float64Array.from({ length: length / 2 }, (_, k) => cosine(k, length));
  const sines = Float64Array.from({ length: length / 2 }, (_, k) => -sine(k, length));
  return (real, imaginary) => {
    reorder(real, places);
    reorder(imaginary, places);
    for (let half = 1; half < length; half *= 2)
      for (let start = 0; start < length; start += 2 * half)
        for (let k = 0; k < half; k += 1) {
          const [low, high] = [start + k, start + k + half];
          const turn = (k * length) / (2 * half);
          const [c, s] = [cosines[turn] as number, sines[turn] as number];
          const [a, b] = [real[high] as number, imaginary[high] as number];
          const [re, im] = [a * c - b * s, a * s + b * c];
          const [x, y] = [real[low] as number, imaginary[low] as number];
          real[low] = x + re;
          imaginary[low] = y + im;
          real[high] = x - re;
          imaginary[high] = y - im;
        }
  };
}

/** k·n = (k² + n² − (k − n)²) / 2 makes the transform a convolution with a chirp. */
function bluestein(length: number): Fourier {
  const wide = 2 ** Math.ceil(Math.log2(2 * length - 1));
  const transform = radixTwo(wide);
  // k² modulo twice the length: exact, where k² itself would lose the low digits of the angle.
  const turns = Array.from({ length }, (_, k) => (k * k) % (2 * length));
  const cosines = Float64Array.from(turns, (turn) => cosine(turn, 2 * length));
  const sines = Float64Array.from(turns, (turn) => sine(turn, 2 * length));
  const chirpReal = new Float64Array(wide);
  const chirpImaginary = new Float64Array(wide);
  for (let k = 0; k < length; k += 1)
    for (const at of k === 0 ? [0] : [k, wide - k]) {
      chirpReal[at] = cosines[k] as number;
      chirpImaginary[at] = sines[k] as number;
    }
  transform(chirpReal, chirpImaginary);
  const re = new Float64Array(wide);
  const im = new Float64Array(wide);
  return (real, imaginary) => {
    re.fill(0);
    im.fill(0);
    turnBack(real, imaginary, { cosines, sines, toReal: re, toImaginary: im });
    transform(re, im);
    multiplyConjugate(re, im, { chirpReal, chirpImaginary });
    // The inverse transform is the transform between two conjugations, divided by the length.
    transform(re, im);
    for (let k = 0; k < length; k += 1) {
      re[k] = (re[k] as number) / wide;
      im[k] = -(im[k] as number) / wide;
    }
    turnBack(re, im, { cosines, sines, toReal: real, toImaginary: imaginary });
  };
}

/** Multiplies by exp(−iπk²/length), whose cosines and sines are given. */
function turnBack(
  real: Float64Array,
  imaginary: Float64Array,
  to: {
    readonly cosines: Float64Array;
    readonly sines: Float64Array;
    readonly toReal: Float64Array;
    readonly toImaginary: Float64Array;
  },
): void {
  const { cosines, sines, toReal, toImaginary } = to;
  for (let k = 0; k < cosines.length; k += 1) {
    const [a, b] = [real[k] as number, imaginary[k] as number];
    const [c, s] = [cosines[k] as number, sines[k] as number];
    toReal[k] = a * c + b * s;
    toImaginary[k] = b * c - a * s;
  }
}

/** The conjugate of the product, in place. */
function multiplyConjugate(
  re: Float64Array,
  im: Float64Array,
  chirp: { readonly chirpReal: Float64Array; readonly chirpImaginary: Float64Array },
): void {
  for (let k = 0; k < re.length; k += 1) {
    const [a, b] = [re[k] as number, im[k] as number];
    const [c, s] = [chirp.chirpReal[k] as number, chirp.chirpImaginary[k] as number];
    re[k] = a * c - b * s;
    im[k] = -(a * s + b * c);
  }
}

const cosine = (k: number, of: number): number => Math.cos((2 * Math.PI * k) / of);
const sine = (k: number, of: number): number => Math.sin((2 * Math.PI * k) / of);

/** For each place the one whose index has the same bits backwards. */
function reversedPlaces(length: number): Uint32Array {
  const places = new Uint32Array(length);
  for (let index = 1; index < length; index += 1)
    places[index] = ((places[index >> 1] as number) >> 1) | (index & 1 ? length >> 1 : 0);
  return places;
}

function reorder(values: Float64Array, places: Uint32Array): void {
  for (let index = 0; index < places.length; index += 1) {
    const other = places[index] as number;
    if (other <= index) continue;
    const value = values[index] as number;
    values[index] = values[other] as number;
    values[other] = value;
  }
}
