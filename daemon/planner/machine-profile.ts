// What earlier runs and the doctor learnt of this machine: the provider to use, the speed to expect.
// A cache: losing it costs an estimate, nothing else.
import { z } from "zod";
import { providers } from "../base/provider.ts";
import { readText } from "../base/read-text.ts";
import { writeFileSafely } from "../base/write-file.ts";

const rate = z.number().positive();

const schema = z.object({
  provider: z.enum(providers).optional(),
  rate: z.object({ gflopsText: rate, gflopsDenoiser: rate, gflopsVae: rate }).optional(),
});

export type MachineProfile = z.infer<typeof schema>;

/** An absent or damaged profile is an empty one. */
export function readProfile(path: string): MachineProfile {
  try {
    return schema.parse(JSON.parse(readText(path) ?? "{}"));
  } catch {
    return {};
  }
}

/** Keeps what is there and puts `change` over it; a cache that cannot be written is no failure of a run. */
export async function updateProfile(path: string, change: MachineProfile): Promise<void> {
  const profile = { ...readProfile(path), ...change };
  await writeFileSafely(path, `${JSON.stringify(profile)}\n`).catch(() => {});
}
