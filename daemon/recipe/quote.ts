// Texts as YAML reads them back: plain where they can be, in double quotes else.
import { parse } from "yaml";

/** A text for a place that may be inside brackets or not. */
export function quoteAnywhere(text: string): string {
  return readsBack(text, false) ? quoteWhereNeeded(text, true) : JSON.stringify(text);
}

/** `isInFlow` is for places inside brackets, where commas and brackets end a plain text. */
export function quoteWhereNeeded(text: string, isInFlow: boolean): string {
  return readsBack(text, isInFlow) ? text : JSON.stringify(text);
}

function readsBack(text: string, isInFlow: boolean): boolean {
  try {
    const read: unknown = parse(isInFlow ? `[${text}]` : text, { logLevel: "silent" });
    return isInFlow ? Array.isArray(read) && read.length === 1 && read[0] === text : read === text;
  } catch {
    return false;
  }
}
