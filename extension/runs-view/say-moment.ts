// Moments in the words of the reader's language: the time alone for today, with the day before it otherwise.

interface Reader {
  /** A BCP 47 tag, as the editor has it. */
  readonly language: string;
  /** Left out: the machine's. */
  readonly timeZone?: string;
}

/** Moments count from 1970. */
export interface MomentWords {
  /** The day, by which words of a moment are others from one day to the next. */
  dayOf(atMs: number): string;
  /** "14:03", or "24 Nov, 14:03". */
  say(atMs: number, nowMs: number): string;
}

/** Formatters are costly to make and cheap to use, so one reader has them made once. */
export function momentWords({ language, timeZone }: Reader): MomentWords {
  const where = timeZone === undefined ? {} : { timeZone };
  const time = { hour: "numeric", minute: "2-digit", ...where } as const;
  const thisYear = { day: "numeric", month: "short", ...where } as const;
  const year = { year: "numeric", ...where } as const;
  const formatter = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, options);
  const [day, yearAlone] = [formatter({ ...thisYear, ...year }), formatter(year)];
  const timeAlone = formatter(time);
  const dayAndTime = formatter({ ...thisYear, ...time });
  const all = formatter({ ...thisYear, ...year, ...time });
  const say = (atMs: number, nowMs: number): string => {
    if (day.format(atMs) === day.format(nowMs)) return timeAlone.format(atMs);
    const isThisYear = yearAlone.format(atMs) === yearAlone.format(nowMs);
    return (isThisYear ? dayAndTime : all).format(atMs);
  };
  return { dayOf: (atMs) => day.format(atMs), say };
}
