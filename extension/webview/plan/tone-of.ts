// The colour of a stage in all drawings of a plan.

/** plan.css has that many, tone-0 to tone-5. */
const tones = 6;

/** Its class; `stage` is counted from 0. */
export const toneOf = (stage: number): string => `tone-${stage % tones}`;
