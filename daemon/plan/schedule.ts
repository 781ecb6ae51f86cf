// Timesteps of a stage, whatever the noise schedule (method §2).
// Float32 arithmetic as torch's, so that every number equals the published code's.

/** The last training timestep; the first stage starts here. */
export const LAST_TIMESTEP = 999;

const { fround } = Math;

/** t_j = trunc(linspace(start, until, steps)), timesteps 0..999 (method §2). */
export function stageTimesteps(start: number, until: number, steps: number): readonly number[] {
  return Array.from(linspace(start, until, steps), Math.trunc);
}

/** torch.linspace in float32: symmetric from both ends, each value one fused multiply-add. */
export function linspace(start: number, end: number, steps: number): Float32Array {
  const first = fround(start);
  const last = fround(end);
  const step = fround(fround(last - first) / (steps - 1));
  const half = Math.trunc(steps / 2);
  const valueAt = (index: number): number =>
    index < half ? first + step * index : last - step * (steps - 1 - index);
  // The double products are exact, so rounding the sum once is what a fused multiply-add does.
  const values = new Float32Array(steps);
  for (let index = 0; index < steps; index += 1) values[index] = valueAt(index);
  return steps === 1 ? values.fill(first) : values;
}
