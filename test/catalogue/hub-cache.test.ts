// The catalogue over a Hugging Face cache as the hub's own programs write it: revisions, variants, interrupted downloads.
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheRevision, filesOf, type RepositoryFiles } from "../support/hub-cache.ts";
import { golden } from "../support/read-golden.ts";
import { checkCatalogue, openWorkplace, writeTiny } from "./workplace.ts";

const unet = "unet/diffusion_pytorch_model.safetensors";
const vae = "vae/diffusion_pytorch_model.safetensors";
const sd15 = filesOf(golden("models/sd15"));
const whole = { commit: "c1", ref: "main", files: sd15 } as const;
const without = (...names: readonly string[]): RepositoryFiles =>
  new Map([...sd15].filter(([name]) => !names.includes(name)));

it("a repository is listed by its id, as the main branch has it", async () => {
  const workplace = openWorkplace();
  const { hub } = workplace;
  cacheRevision(hub, "owner/tiny", { commit: "c0", ref: null, files: without(unet) });
  const snapshot = cacheRevision(hub, "owner/tiny", whole);
  cacheRevision(hub, "owner/tiny", { commit: "c2", ref: "next", files: without(vae) });
  const [entry] = await checkCatalogue(workplace, {
    entries: ["owner/tiny huggingface sd 64 fp32 complete"],
  });
  const bytes = [...sd15.values()].reduce((sum, content) => sum + content.length, 0);
  expect(entry).toMatchObject({ path: snapshot, bytes });
});

it("without a main branch the newest snapshot is the model", async () => {
  const workplace = openWorkplace();
  cacheRevision(workplace.hub, "owner/tiny", { ...whole, ref: "v1" });
  await checkCatalogue(workplace, { entries: ["owner/tiny huggingface sd 64 fp32 complete"] });
});

it("files of the fp16 variant alone are a model", async () => {
  const workplace = openWorkplace();
  const files = new Map(
    [...sd15].map(([name, content]) => [
      name.replace(".safetensors", ".fp16.safetensors"),
      content,
    ]),
  );
  cacheRevision(workplace.hub, "owner/half", { ...whole, files });
  await checkCatalogue(workplace, { entries: ["owner/half huggingface sd 64 fp32 complete"] });
});

it("an interrupted download is incomplete and names what is absent", async () => {
  const workplace = openWorkplace();
  const { hub } = workplace;
  cacheRevision(hub, "owner/tiny", { ...whole, files: without(unet) });
  writeFileSync(join(hub, "models--owner--tiny/blobs/0a1b.incomplete"), "half");
  await checkCatalogue(workplace, {
    entries: ["owner/tiny huggingface sd 64 fp32 incomplete"],
    says: [/unet: must hold|must hold unet/, /must be downloaded completely, got 1 unfinished/],
  });
});

it("an interrupted download of another file leaves a model complete", async () => {
  const workplace = openWorkplace();
  cacheRevision(workplace.hub, "owner/tiny", whole);
  writeFileSync(join(workplace.hub, "models--owner--tiny/blobs/0a1b.incomplete"), "half");
  await checkCatalogue(workplace, { entries: ["owner/tiny huggingface sd 64 fp32 complete"] });
});

it("a blob that is shorter than its header says, and one that is gone, are named", async () => {
  const workplace = openWorkplace();
  const snapshot = cacheRevision(workplace.hub, "owner/tiny", whole);
  truncateSync(join(snapshot, unet), 400_000);
  rmSync(join(snapshot, "../../blobs"), { recursive: true, force: false });
  cacheRevision(workplace.hub, "owner/short", whole);
  truncateSync(join(workplace.hub, "models--owner--short/snapshots/c1", unet), 400_000);
  await checkCatalogue(workplace, {
    entries: [
      "owner/short huggingface sd 64 fp32 incomplete",
      "owner/tiny huggingface ? incomplete",
    ],
    says: [
      /must be \d+ bytes long by its header, got 400000/,
      /must hold model_index\.json, which is not there/,
    ],
  });
});

it("an index that names a shard which is absent is incomplete", async () => {
  const workplace = openWorkplace();
  const index = { weight_map: { "conv_in.weight": "unet-00001-of-00002.safetensors" } };
  const files = new Map<string, string | Uint8Array>(without(unet));
  files.set(`${unet}.index.json`, JSON.stringify(index));
  cacheRevision(workplace.hub, "owner/tiny", { ...whole, files });
  await checkCatalogue(workplace, {
    entries: ["owner/tiny huggingface sd 64 fp32 incomplete"],
    says: [/must hold unet-00001-of-00002\.safetensors, which is not there/],
  });
});

it("no broken repository hides another", async () => {
  const workplace = openWorkplace();
  const { hub } = workplace;
  cacheRevision(hub, "owner/tiny", whole);
  // A branch at a snapshot that is gone; a link to nowhere beside the index; a file among the snapshots.
  cacheRevision(hub, "owner/branch", whole);
  writeFileSync(join(hub, "models--owner--branch/refs/old"), "c9");
  const linked = cacheRevision(hub, "owner/link", whole);
  symlinkSync("../../blobs/gone", join(linked, "README.md"));
  cacheRevision(hub, "owner/file", whole);
  writeFileSync(join(hub, "models--owner--file/snapshots/notes.txt"), "");
  mkdirSync(join(hub, "models--owner--empty"));
  mkdirSync(join(hub, "datasets--owner--pictures"));
  const names = ["branch", "file", "link", "tiny"];
  const entries = names.map((name) => `owner/${name} huggingface sd 64 fp32 complete`);
  await checkCatalogue(workplace, { entries });
  // The library gives up on all of the cache at one link to nowhere beside the repositories.
  symlinkSync("gone", join(hub, "models--owner--gone"));
  await checkCatalogue(workplace, { entries });
});

it("models of other kinds are not listed, single checkpoints are", async () => {
  const workplace = openWorkplace();
  const text = new Map([
    ["config.json", "{}"],
    ["model.safetensors", "no weights"],
  ]);
  cacheRevision(workplace.hub, "owner/words", { commit: "c1", ref: "main", files: text });
  const file = readFileSync(writeTiny(workplace, "file/tiny.safetensors"));
  const files = new Map([["dream.safetensors", file]]);
  cacheRevision(workplace.hub, "owner/dream", { commit: "c1", ref: "main", files });
  await checkCatalogue(workplace, {
    entries: ["dream.safetensors huggingface sd 64 fp32 complete"],
  });
});

it("a checkpoint beside a model in diffusers format is listed too", async () => {
  const workplace = openWorkplace();
  const file = readFileSync(writeTiny(workplace, "file/tiny.safetensors"));
  const files = new Map([...sd15, ["tiny.safetensors", file] as const]);
  cacheRevision(workplace.hub, "owner/both", { ...whole, files });
  await checkCatalogue(workplace, {
    entries: [
      "owner/both huggingface sd 64 fp32 complete",
      "tiny.safetensors huggingface sd 64 fp32 complete",
    ],
  });
});

it("other architectures are refused with their class", async () => {
  const workplace = openWorkplace();
  const files = new Map([["model_index.json", '{"_class_name": "FluxPipeline"}']]);
  cacheRevision(workplace.hub, "owner/flux", { commit: "c1", ref: "main", files });
  await checkCatalogue(workplace, {
    entries: ["owner/flux huggingface ? refused"],
    says: [/the class FluxPipeline/],
  });
});
