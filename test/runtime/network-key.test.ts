// The name of a prepared network changes with everything that it is made from.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { networkKey } from "../../daemon/runtime/network-key.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-key-"));
afterAll(() => rmSync(folder, { recursive: true }));

const processor = { name: "one" };
const runtime = vi.hoisted(() => ({ env: { versions: { node: "1" } } }));
vi.mock("onnxruntime-node", () => runtime);
vi.mock("../../daemon/runtime/processor.ts", () => ({ describeProcessor: () => processor.name }));

const file = join(folder, "weights");
writeFileSync(file, "some weights");
const graph = { initializers: [{ content: { file } }] } as unknown as GraphData;
const model = Uint8Array.of(1, 2, 3);
const key = (bytes = model, provider = "cpu"): string => networkKey(graph, bytes, provider);

it("is the same for the same network", () => expect(key()).toBe(key()));

it.each([
  ["the graph", () => key(Uint8Array.of(1, 2, 4))],
  ["the provider", () => key(model, "webgpu")],
  [
    "the processor",
    () => {
      processor.name = "another";
      const other = key();
      processor.name = "one";
      return other;
    },
  ],
  [
    "the runtime's version",
    () => {
      runtime.env.versions.node = "2";
      const other = key();
      runtime.env.versions.node = "1";
      return other;
    },
  ],
])("is another one with another of %s", (_, other) => {
  expect(other()).not.toBe(key());
  expect(key()).toBe(key());
});

it("is another one where weights of the same size were written with the old time", () => {
  const before = key();
  const time = new Date(1e12);
  utimesSync(file, time, time);
  const set = key();
  writeFileSync(file, "other weight");
  utimesSync(file, time, time);
  expect(new Set([before, set, key()]).size).toBe(3);
});
