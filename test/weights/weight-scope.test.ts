// Scopes over a hand-made checkpoint: paths, shapes, types, and what was never asked for.
import { expect, it } from "vitest";
import type { Dtype } from "../../daemon/weights/stored-tensor.ts";
import { type RootScope, scopeOf, type WeightScope } from "../../daemon/weights/weight-scope.ts";

const keys: Readonly<Record<string, readonly [Dtype, readonly number[]]>> = {
  "down.0.conv.weight": ["F32", [4, 3, 1, 1]],
  "down.0.conv.bias": ["F16", [4]],
  "down.0.scale": ["BF16", []],
  ids: ["I64", [1, 77]],
};

function root(): RootScope {
  const tensors = Object.entries(keys).map(([key, [dtype, shape]]) => {
    return [key, { file: "/m/unet.safetensors", dtype, shape, offset: 0, length: 0 }] as const;
  });
  return scopeOf({ source: "/m/unet.index.json", tensors: new Map(tensors) });
}

type Ask = (scope: WeightScope) => unknown;

const cases: readonly (readonly [string, Ask, unknown])[] = [
  ["finds a tensor at the root", (s) => s.tensor("down.0.conv.bias", [4]).name, "down.0.conv.bias"],
  [
    "finds a tensor below",
    (s) => s.at("down.0").at("conv").tensor("weight", [4, 3, 1, 1]).name,
    "down.0.conv.weight",
  ],
  ["finds a scalar", (s) => s.at("down.0").tensor("scale", []).dtype, "BF16"],
  [
    "keeps where the tensor lies",
    (s) => s.at("down.0.conv").tensor("bias", [4]).file,
    "/m/unet.safetensors",
  ],
  ["tells what it has", (s) => s.at("down.0.conv").has("bias"), true],
  ["tells what it has not", (s) => s.at("down.0").has("bias"), false],
  ["knows its path", (s) => s.at("down.0").at("conv").path, "down.0.conv"],
  [
    "refuses a missing tensor",
    (s) => s.at("down.1").tensor("w", [2, 2]),
    /unet\.index\.json: tensor down\.1\.w must be there with shape \[2, 2\], got no such tensor/,
  ],
  [
    "refuses another shape",
    (s) => s.at("down.0.conv").tensor("weight", [4, 3]),
    /unet\.safetensors: tensor down\.0\.conv\.weight must have shape \[4, 3\], got \[4, 3, 1, 1\]/,
  ],
  [
    "refuses whole numbers",
    (s) => s.tensor("ids", [1, 77]),
    /tensor ids must be F32, F16 or BF16, got I64/,
  ],
];

function check(ask: Ask, expected: unknown): void {
  if (expected instanceof RegExp) expect(() => ask(root())).toThrow(expected);
  else expect(ask(root())).toEqual(expected);
}

it.each(cases)("%s", (_, ask, expected) => check(ask, expected));

it("lists the keys that nobody asked for", () => {
  const scope = root();
  scope.at("down.0").tensor("scale", []);
  scope.at("down.0.conv").has("weight");
  expect(scope.unusedKeys()).toEqual(["down.0.conv.bias", "down.0.conv.weight", "ids"]);
});
