// Providers are tried before they are trusted; on any machine the CPU must pass, and nothing may throw.
import { expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { providers } from "../../daemon/base/provider.ts";
import { chooseDevice } from "../../daemon/runtime/choose-device.ts";
import { testProvider } from "../../daemon/runtime/test-provider.ts";

it.each([
  ["float32", 1e-5],
  ["float16", 5e-3],
] as const)(
  "the CPU agrees with its plain form in %s, and not by being it",
  async (precision, most) => {
    const { error, ...result } = await testProvider("cpu", precision);
    expect(result).toEqual({
      provider: "cpu",
      usable: true,
      fusedAttention: true,
      note: "agrees with the CPU's plain form",
    });
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(most);
  },
);

it("a provider that no machine has cannot be used, and its note says why", async () => {
  const result = await testProvider("no such provider" as "cpu", "float16");
  expect(result).toMatchObject({ error: null, usable: false, fusedAttention: false });
  expect(result.note).toMatch(/no such provider/);
});

it.each([
  ["fp32", "float32"],
  ["fp16", "float16"],
] as const)("a plan for the CPU with %s is computed in %s", async (precision, expected) => {
  expect(await chooseDevice({ provider: "cpu", precision })).toEqual({
    provider: "cpu",
    threads: 0,
    target: { precision: expected, attention: "fused" },
  });
});

it("choosing a provider that cannot be used is a failure with a name", async () => {
  const plan = { provider: "no such provider" as "cpu", precision: "fp32" } as const;
  const failure = await chooseDevice(plan).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect((failure as Failure).code).toBe("provider.unavailable");
});

it("the CPU is among the providers, and comes last", () => {
  expect(providers.at(-1)).toBe("cpu");
});
