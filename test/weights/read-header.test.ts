// Files of every kind a user may point at, and the golden checkpoints.
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readHeader } from "../../daemon/weights/read-header.ts";
import { f32, safetensors } from "./safetensors.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "frecas-weights-")));
afterAll(() => rmSync(folder, { recursive: true }));

type Answer = readonly string[] | { readonly code: string; readonly message: RegExp };

function check(path: string, expected: Answer): void {
  if ("code" in expected) {
    const { code, message } = expected;
    const error = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => readHeader(path)).toThrow(error);
  } else expect([...readHeader(path).tensors.keys()]).toEqual(expected);
}

function write(name: string, bytes: Uint8Array | string): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const one = safetensors({ a: f32(0, 1) }, 4);
const torch = Buffer.from("80028a0a6cfc9c46f9206aa85019", "hex");
const zip = Buffer.from("504b0304000008080000", "hex");
const pickle = { code: "weights.pickle", message: /must be a \.safetensors file, got a pickle/ };

it("reads a file", () => check(write("one.safetensors", one), ["a"]));

it("refuses a file cut inside its header", () =>
  check(write("cut.safetensors", one.subarray(0, 30)), {
    code: "weights.header",
    message: /cut\.safetensors: must hold its whole header of \d+ bytes, got a file of 30/,
  }));

it("refuses a file cut inside its tensors", () =>
  check(write("short.safetensors", one.subarray(0, -1)), {
    code: "weights.header",
    message: /short\.safetensors: must be \d+ bytes long/,
  }));

it.each(["a.ckpt", "a.bin", "a.pt", "a.pth", "A.CKPT"])("refuses %s by its name", (name) =>
  check(write(name, one), pickle),
);

it.each([
  ["a torch pickle", torch],
  ["a torch zip", zip],
])("refuses %s named .safetensors", (_, bytes) =>
  check(write("disguised.safetensors", bytes), pickle),
);

it("accepts a header whose length looks like a pickle", () => {
  const text = `{"a":${JSON.stringify(f32(0, 1))}}`.padEnd(0x0280);
  check(write("640.safetensors", safetensors(text, 4)), ["a"]);
});

it("names a file that is not there", () =>
  check(join(folder, "none.safetensors"), {
    code: "model.incomplete",
    message: /must hold none\.safetensors, which is not there/,
  }));

it("names a link to nowhere", () => {
  symlinkSync(join(folder, "gone"), join(folder, "dangling.safetensors"));
  check(join(folder, "dangling.safetensors"), {
    code: "model.incomplete",
    message: /must hold dangling\.safetensors/,
  });
});

it("refuses a folder", () => {
  mkdirSync(join(folder, "folder.safetensors"));
  check(join(folder, "folder.safetensors"), {
    code: "model.incomplete",
    message: /must be a file that this user can read/,
  });
});

it.skipIf(process.platform === "win32")("refuses a pipe without waiting for it", () => {
  execFileSync("mkfifo", [join(folder, "pipe.safetensors")]);
  check(join(folder, "pipe.safetensors"), { code: "model.incomplete", message: /not a file/ });
});

it("gives the real path behind a link", () => {
  const path = write("blob", one);
  symlinkSync("blob", join(folder, "link.safetensors"));
  const { path: real, tensors } = readHeader(join(folder, "link.safetensors"));
  expect(real).toBe(path);
  expect(tensors.get("a")?.file).toBe(path);
});

const goldens = join(import.meta.dirname, "../goldens/models");

it.each([
  ["sd15/unet/diffusion_pytorch_model.safetensors", "conv_in.weight", "F32"],
  ["sd15/vae/diffusion_pytorch_model.safetensors", "decoder.conv_in.weight", "F32"],
  ["sd15/text_encoder/model.safetensors", "final_layer_norm.weight", "F32"],
])("reads the golden %s", (name, key, dtype) => {
  const { tensors } = readHeader(join(goldens, name));
  expect(tensors.get(key)?.dtype).toBe(dtype);
});

it("points at the bytes of a tensor", () => {
  const path = join(goldens, "sd21/text_encoder/model.safetensors");
  const { offset = 0, length = 0 } = readHeader(path).tensors.get("final_layer_norm.weight") ?? {};
  const bytes = Buffer.from(readFileSync(path)).subarray(offset, offset + length);
  // The value that Python's safetensors reads.
  expect([bytes.readFloatLE(0), length]).toEqual([Math.fround(0.9554760456085205), 24 * 4]);
});
