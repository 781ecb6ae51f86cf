// A rule of every network here: channels split evenly into heads and into groups of a norm.
import { badConfig } from "../base/failure.ts";

/** Throws `badConfig` where `parts` (heads, groups) don't divide one of the widths. */
export function checkWidths(
  file: string,
  what: string,
  widths: readonly { readonly channels: number; readonly parts: number }[],
): void {
  const uneven = widths.find(({ channels, parts }) => channels % parts !== 0);
  if (uneven !== undefined)
    throw badConfig(
      file,
      `channels must split evenly into ${what}`,
      `${uneven.channels} channels and ${uneven.parts} ${what}`,
    );
}

/** The same of heads that are all as wide, however many that makes. */
export function checkHeadWidth(file: string, width: number, channels: readonly number[]): void {
  const uneven = channels.find((one) => one % width !== 0);
  if (uneven !== undefined)
    throw badConfig(
      file,
      `channels must split evenly into heads of ${width} channels`,
      `${uneven} channels`,
    );
}
