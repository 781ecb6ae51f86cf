// What a test's helpers clean up, whoever calls them: a hook of the file that is registered inside a running test is never called.
import { afterAll, onTestFinished, TestRunner } from "vitest";

/** Calls `clean` when the test that runs now is over, or all of the file's where none does yet. */
export function whenOver(clean: () => void): void {
  if (TestRunner.getCurrentTest() === undefined) afterAll(clean);
  else onTestFinished(clean);
}
