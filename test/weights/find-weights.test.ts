// Model folders as people have them: plain, fp16, sharded, in a cache of links, pickled, incomplete.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import {
  type Component,
  findWeightFiles,
  findWeights,
  type Precision,
} from "../../daemon/weights/find-weights.ts";
import { f32, safetensors } from "./safetensors.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "frecas-models-")));
afterAll(() => rmSync(root, { recursive: true }));

/** A file with the tensors named, each of one value; "->x" makes a link; an object is written as JSON. */
type Content = readonly string[] | string | object;
type Answer = string | { readonly code: string; readonly message: RegExp };

interface Input {
  readonly files: Readonly<Record<string, Content>>;
  readonly component?: Component;
  readonly prefer?: Precision;
}

let folders = 0;

/** `expected` is the source's path in the folder and its keys, as "path: a b". */
function check({ files, component = "unet", prefer = "fp32" }: Input, expected: Answer): void {
  folders += 1;
  const folder = join(root, `${folders}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) write(join(folder, name), content);
  const find = () => findWeights(folder, component, prefer);
  if (typeof expected === "string") {
    const { source, tensors } = find();
    expect(`${source.slice(folder.length + 1)}: ${[...tensors.keys()].join(" ")}`).toBe(expected);
    const index = source.endsWith(".json") ? [source] : [];
    const read = new Set([...index, ...[...tensors.values()].map(({ file }) => file)]);
    const files = findWeightFiles(folder, component, prefer);
    expect(files.map((file) => (index.includes(file) ? file : realpathSync(file)))).toEqual([
      ...read,
    ]);
    return;
  }
  const { code, message } = expected;
  expect(find).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
}

function write(path: string, content: Content): void {
  mkdirSync(dirname(path), { recursive: true });
  if (Array.isArray(content)) {
    const header = Object.fromEntries(content.map((key, index) => [key, f32(index * 4, 1)]));
    writeFileSync(path, safetensors(header, content.length * 4));
  } else if (typeof content !== "string") writeFileSync(path, JSON.stringify(content));
  else if (content.startsWith("->")) symlinkSync(content.slice(2), path);
  else writeFileSync(path, content);
}

const full = "unet/diffusion_pytorch_model.safetensors";
const half = "unet/diffusion_pytorch_model.fp16.safetensors";
const index = "unet/diffusion_pytorch_model.safetensors.index.json";
const first = "diffusion_pytorch_model-00001-of-00002.safetensors";
const second = "diffusion_pytorch_model-00002-of-00002.safetensors";
const weightMap = { weight_map: { a: first, b: second, c: first } };
const shards = { [`unet/${first}`]: ["a", "c"], [`unet/${second}`]: ["b", "unlisted"] };

const cases: readonly (readonly [string, Input, Answer])[] = [
  ["finds the one file", { files: { [full]: ["a"] } }, `${full}: a`],
  [
    "takes full precision where it is preferred",
    { files: { [full]: ["a"], [half]: ["h"] } },
    `${full}: a`,
  ],
  [
    "takes fp16 where it is preferred",
    { files: { [full]: ["a"], [half]: ["h"] }, prefer: "fp16" },
    `${half}: h`,
  ],
  ["takes fp16 where there is nothing else", { files: { [half]: ["h"] } }, `${half}: h`],
  [
    "takes full precision where there is no fp16",
    { files: { [full]: ["a"] }, prefer: "fp16" },
    `${full}: a`,
  ],
  [
    "finds a text encoder",
    { files: { "text_encoder_2/model.safetensors": ["t"] }, component: "text_encoder_2" },
    "text_encoder_2/model.safetensors: t",
  ],
  [
    "takes no other variant",
    { files: { "unet/diffusion_pytorch_model.non_ema.safetensors": ["a"] } },
    { code: "model.incomplete", message: /must hold unet\/diffusion_pytorch_model\.safetensors/ },
  ],
  ["joins shards", { files: { [index]: weightMap, ...shards } }, `${index}: a b c`],
  [
    "joins fp16 shards with the older index name",
    {
      files: { "unet/diffusion_pytorch_model.safetensors.index.fp16.json": weightMap, ...shards },
      prefer: "fp16",
    },
    "unet/diffusion_pytorch_model.safetensors.index.fp16.json: a b c",
  ],
  [
    "joins fp16 shards with the newer index name",
    {
      files: {
        "text_encoder/model.fp16.safetensors.index.json": {
          weight_map: { x: "model.fp16-00001-of-00001.safetensors" },
        },
        "text_encoder/model.fp16-00001-of-00001.safetensors": ["x"],
      },
      component: "text_encoder",
    },
    "text_encoder/model.fp16.safetensors.index.json: x",
  ],
  [
    "follows the links of a cache",
    { files: { "blobs/5a": ["a"], [full]: "->../blobs/5a" } },
    "blobs/5a: a",
  ],
  [
    "follows the links of a sharded cache",
    {
      files: {
        "blobs/i": weightMap,
        "blobs/1": ["a", "c"],
        "blobs/2": ["b"],
        [index]: "->../blobs/i",
        [`unet/${first}`]: "->../blobs/1",
        [`unet/${second}`]: "->../blobs/2",
      },
    },
    `${index}: a b c`,
  ],
  [
    "names a link to nowhere",
    { files: { [full]: "->../blobs/gone" } },
    { code: "model.incomplete", message: /must hold diffusion_pytorch_model\.safetensors/ },
  ],
  [
    "names an index that is a link to nowhere",
    { files: { [index]: "->../blobs/gone" } },
    {
      code: "model.incomplete",
      message: /must hold diffusion_pytorch_model\.safetensors\.index\.json/,
    },
  ],
  [
    "names a shard that is not there",
    { files: { [index]: weightMap, [`unet/${first}`]: ["a", "c"] } },
    { code: "model.incomplete", message: /must hold diffusion_pytorch_model-00002/ },
  ],
  [
    "names a tensor that its shard lacks",
    { files: { [index]: weightMap, ...shards, [`unet/${first}`]: ["a"] } },
    {
      code: "weights.tensor",
      message: /00001-of-00002\.safetensors: tensor c must be there as the index says/,
    },
  ],
  [
    "refuses a folder of pickles",
    { files: { "unet/diffusion_pytorch_model.bin": "x" } },
    { code: "weights.pickle", message: /unet\/diffusion_pytorch_model\.bin/ },
  ],
  [
    "passes over pickles beside safetensors",
    { files: { "unet/diffusion_pytorch_model.bin": "x", [full]: ["a"] } },
    `${full}: a`,
  ],
  [
    "names the file that an empty folder lacks",
    { files: { "text_encoder/config.json": {} }, component: "text_encoder" },
    { code: "model.incomplete", message: /must hold text_encoder\/model\.safetensors/ },
  ],
  [
    "names the folder that is not there",
    { files: {}, component: "vae" },
    { code: "model.incomplete", message: /must hold vae,/ },
  ],
  [
    "refuses a file in the folder's place",
    { files: { unet: "x" } },
    { code: "model.incomplete", message: /must be a file that this user can read/ },
  ],
  [
    "refuses an index that is no JSON",
    { files: { [index]: "{" } },
    { code: "model.config", message: /index\.json: must be JSON/ },
  ],
  [
    "refuses an index without a map",
    { files: { [index]: { weight_map: [] } } },
    { code: "model.config", message: /"weight_map" must list a file for each tensor, got \[\]/ },
  ],
  [
    "refuses a shard in another folder",
    { files: { [index]: { weight_map: { a: "../x.safetensors" } } } },
    {
      code: "model.config",
      message: /"weight_map\.a" must name .* beside the index, got "\.\.\/x/,
    },
  ],
  [
    "refuses a shard that is a pickle",
    { files: { [index]: { weight_map: { a: "x.bin" } } } },
    { code: "model.config", message: /must name a \.safetensors file/ },
  ],
];

it.each(cases)("%s", (_, input, expected) => check(input, expected));

const goldens = join(import.meta.dirname, "../goldens/models");
const networks = ["sd15", "sd21", "sd21v"].flatMap((model) =>
  (["unet", "vae", "text_encoder"] as const).map((component) => [model, component] as const),
);

it.each(networks)("finds the weights of %s %s", (model, component) => {
  const { tensors } = findWeights(join(goldens, model), component, "fp16");
  expect(tensors.size).toBeGreaterThan(30);
});
