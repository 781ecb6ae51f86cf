// What a failure's message offers to do about it.
import type { FailureCode } from "../../daemon/base/failure.ts";

interface Offer {
  /** Of the button. */
  readonly title: string;
  /** Of `package.json`. */
  readonly command: string;
}

/** None where the message leads to a place in the text: `hasPlace`. */
export function failureOffers(code: FailureCode | undefined, hasPlace: boolean): readonly Offer[] {
  const openLog = { title: "Open log", command: "frecas.openLog" };
  const restart = { title: "Restart the daemon", command: "frecas.restartDaemon" };
  if (code === "daemon.version") return [restart, openLog];
  return hasPlace ? [] : [openLog];
}
