// Moments in the words of the reader's language: the time alone for today, with the day before it otherwise.

export interface Reader {
  readonly nowMs: number;
  /** A BCP 47 tag, as the editor has it. */
  readonly language: string;
  /** Left out: the machine's. */
  readonly timeZone?: string;
}

/** "14:03", or "24 Nov, 14:03". `atMs` counts from 1970. */
export function sayMoment(atMs: number, { nowMs, language, timeZone }: Reader): string {
  const where = timeZone === undefined ? {} : { timeZone };
  const time = { hour: "numeric", minute: "2-digit", ...where } as const;
  const day = { day: "numeric", month: "short", year: "numeric", ...where } as const;
  const say = (options: Intl.DateTimeFormatOptions, ms: number): string =>
    new Intl.DateTimeFormat(language, options).format(ms);
  if (say(day, atMs) === say(day, nowMs)) return say(time, atMs);
  const { year: _, ...thisYear } = day;
  const year = { year: "numeric", ...where } as const;
  const isThisYear = say(year, atMs) === say(year, nowMs);
  return say({ ...(isThisYear ? thisYear : day), ...time }, atMs);
}
