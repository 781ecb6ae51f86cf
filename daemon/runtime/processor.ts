// The processor as far as prepared weights depend on it: their layout follows its instruction set.
import { readFileSync } from "node:fs";
import { arch, cpus } from "node:os";

/** Of Linux's description of the first core, what is the same on all of them and at all times. */
const lasting =
  /^(vendor_id|cpu family|model|model name|stepping|flags|Features|CPU [a-z]+|isa)\s*:/;

/** The same text on the same processor; systems other than Linux say its name, which implies its features. */
export function describeProcessor(): string {
  const name = `${arch()} ${cpus()[0]?.model ?? ""}`;
  try {
    const [first = ""] = readFileSync("/proc/cpuinfo", "utf8").split("\n\n");
    return [name, ...first.split("\n").filter((line) => lasting.test(line))].join("\n");
  } catch {
    return name;
  }
}
