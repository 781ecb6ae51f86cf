// Long flags that are cut short, as argparse takes them: --output and --output=x mean --output_dir where no other
// flag begins so. Looks at flags only, never at their values.
import { invalidCommand } from "../base/failure.ts";

/** `args` with every flag in full; unknown ones stay as they are. Throws `invalidCommand` where several are meant. */
export function expandFlags(args: readonly string[], flags: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return args.map((arg, index) => (end >= 0 && index >= end ? arg : expand(arg, flags)));
}

function expand(arg: string, flags: readonly string[]): string {
  const [, begun = ""] = /^(--[^=]+)/.exec(arg) ?? [];
  if (begun === "" || flags.includes(begun)) return arg;
  const [meant, ...others] = flags.filter((flag) => flag.startsWith(begun));
  if (meant === undefined) return arg;
  if (others.length > 0)
    throw invalidCommand(`${begun}, which may mean ${[meant, ...others].join(" or ")}`);
  return meant + arg.slice(begun.length);
}
