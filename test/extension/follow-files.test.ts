// What the language server looks at again when files come and go, in this process so that its clock is the test's.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { createConnection, type PublishDiagnosticsParams } from "vscode-languageserver/node";
import { encodePng } from "../../daemon/image/write-png.ts";
import { machineOf } from "../../daemon/planner/machine.ts";
import type { PlansChanged } from "../../extension/plan-request/plan-request.ts";
import { openKnownModels } from "../../extension/server/known-models.ts";
import { rememberPlans } from "../../extension/server/remember-plans.ts";
import { rememberTokenizers } from "../../extension/server/remember-tokenizers.ts";
import { serveLanguage } from "../../extension/server/serve-language.ts";

const home = mkdtempSync(join(tmpdir(), "frecas-follow-"));
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return () => vi.useRealTimers();
});

const machine = machineOf(join(import.meta.dirname, "../.."), {
  env: { XDG_CACHE_HOME: home, FRECAS_MODELS: join(home, "models") },
  cwd: home,
  platform: "linux",
});
const uriOf = (name: string): string => pathToFileURL(join(home, name)).href;
const pauseMs = 150;
const lackingMs = 20_000;

/** A server with these files of `home` open. */
async function open(texts: Readonly<Record<string, string>>, plans = rememberPlans(machine)) {
  const [asked, answered] = [new PassThrough(), new PassThrough()];
  const known = openKnownModels(machine.places);
  const lookAgain = vi.fn(known.lookAgain);
  const ends = [new StreamMessageReader(asked), new StreamMessageWriter(answered)] as const;
  serveLanguage(createConnection(...ends), {
    models: { ...known, lookAgain },
    plans,
    tokenizer: rememberTokenizers(machine.places.words),
  });
  const client = createMessageConnection(
    new StreamMessageReader(answered),
    new StreamMessageWriter(asked),
  );
  const told: string[] = [];
  let wake = (): void => {};
  const tell = (uri: string, what: string): void => {
    told.push(`${basename(uri, ".frecas")}: ${what}`);
    wake();
  };
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) =>
    tell(params.uri, params.diagnostics.map(({ code }) => code).join(", ") || "right"),
  );
  client.onNotification("frecas/plansChanged", ({ uri }: PlansChanged) => tell(uri, "plans"));
  client.listen();
  await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  for (const [name, text] of Object.entries(texts))
    await client.sendNotification("textDocument/didOpen", {
      textDocument: { uri: uriOf(name), version: 1, languageId: "frecas", text },
    });
  /** All that was told, when this has been, or when the server has nothing to do. */
  const hear = async (...awaited: readonly string[]): Promise<readonly string[]> => {
    await client.sendRequest("frecas/names", { uri: uriOf("none.frecas") });
    await vi.advanceTimersByTimeAsync(pauseMs);
    await client.sendRequest("frecas/names", { uri: uriOf("none.frecas") });
    while (!awaited.every((sentence) => told.includes(sentence)))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return told.splice(0).toSorted();
  };
  return {
    hear,
    /** How often models were looked for since it was asked last. */
    looks: () => lookAgain.mock.calls.splice(0).length,
    change: (...names: readonly string[]) =>
      client.sendNotification("workspace/didChangeWatchedFiles", {
        changes: names.map((name) => ({ uri: uriOf(name), type: 1 })),
      }),
    save: (name: string) =>
      client.sendNotification("textDocument/didSave", { textDocument: { uri: uriOf(name) } }),
    close: (name: string) =>
      client.sendNotification("textDocument/didClose", { textDocument: { uri: uriOf(name) } }),
  };
}

const init = "prompt: a\ninit: { image: lake.png }\n";

async function writeLake(): Promise<void> {
  const rgb = new Uint8Array(128 * 128 * 3);
  writeFileSync(join(home, "lake.png"), await encodePng({ width: 128, height: 128, rgb }, {}));
}

it("what a recipe lacks is looked for now and then, until it is there", async () => {
  rmSync(join(home, "lake.png"), { force: true });
  const { hear, looks } = await open({ "lake.frecas": init, "calm.frecas": "prompt: b\n" });
  await hear("lake: not-planned", "lake: plans", "calm: right", "calm: plans");
  looks();
  for (const _ of [1, 2]) {
    await vi.advanceTimersByTimeAsync(lackingMs);
    const again = ["lake: not-planned", "lake: plans"];
    expect(await hear(...again)).toEqual(again);
    expect(looks()).toBe(0);
  }
  await writeLake();
  await vi.advanceTimersByTimeAsync(lackingMs);
  const there = ["lake: plans", "lake: right"];
  expect(await hear(...there)).toEqual(there);
  expect(vi.getTimerCount()).toBe(0);
});

it("a model that comes where nobody watches is found without reading all models", async () => {
  const { hear, looks } = await open({ "ink.frecas": "prompt: a\nmodel: ink\n" });
  await hear("ink: model-not-here", "ink: plans");
  looks();
  mkdirSync(join(home, "models"), { recursive: true });
  writeFileSync(join(home, "models/ink.safetensors"), "half of it");
  await vi.advanceTimersByTimeAsync(lackingMs);
  const found = ["ink: not-planned", "ink: plans"];
  expect(await hear(...found)).toEqual(found);
  expect(looks()).toBe(0);
});

it.each([
  ["method: demofusion\nprompt: a\n", "not-planned"],
  ["prompts: seas.txt\nsede: 1\n", "unknown-key"],
  ["extends: sea.frecas#sea\nsede: 1\n", "unknown-key"],
])("what no file mends is not looked at again: %j", async (text, code) => {
  writeFileSync(join(home, "seas.txt"), "a sea\n");
  writeFileSync(join(home, "sea.frecas"), "prompt: a sea\n");
  const { hear } = await open({ "wrong.frecas": text });
  await hear(`wrong: ${code}`, "wrong: plans");
  expect(vi.getTimerCount()).toBe(0);
});

it("a recipe waits for what the one that it extends lacks", async () => {
  writeFileSync(join(home, "second.frecas"), "extends: first.frecas#first\n");
  const { hear } = await open({ "third.frecas": "extends: second.frecas#second\n" });
  await hear("third: extends-broken", "third: plans");
  writeFileSync(join(home, "first.frecas"), "prompt: a\n");
  await vi.advanceTimersByTimeAsync(lackingMs);
  expect(await hear("third: right")).toEqual(["third: plans", "third: right"]);
});

it("who reads a file is told when it is closed, for the text on the disk may be another one", async () => {
  writeFileSync(join(home, "left.frecas"), "prompt: a\n");
  const texts = { "left.frecas": "prompt: b\n", "reader.frecas": "extends: left.frecas#left\n" };
  const { hear, close } = await open(texts);
  await hear("left: right", "left: plans", "reader: right", "reader: plans");
  await close("left.frecas");
  expect(await hear("reader: right")).toEqual(["left: right", "reader: plans", "reader: right"]);
});

it("a text that is saved before it was told of is told of before its plans are made", async () => {
  const plans = { ...rememberPlans(machine), plan: () => new Promise<never>(() => {}) };
  const { hear, save } = await open(
    { "slow.frecas": "prompt: a\n---\nprompt: b\nsede: 1\n" },
    plans,
  );
  await save("slow.frecas");
  expect(await hear()).toContain("slow: unknown-key");
});

it("a text that is wrong by itself is not looked at again, one that another makes wrong is", async () => {
  const { hear } = await open({ "typed.frecas": "prompt: a\nsede: 1\n" });
  await hear("typed: unknown-key", "typed: plans");
  expect(vi.getTimerCount()).toBe(0);
  const other = await open({ "own.frecas": "extends: gone.frecas#base\n" });
  await other.hear("own: plans");
  writeFileSync(join(home, "gone.frecas"), "name: base\nprompt: a\n");
  await vi.advanceTimersByTimeAsync(lackingMs);
  expect(await other.hear("own: right")).toEqual(["own: plans", "own: right"]);
});

it("files that come concern those that read them, and painted pictures nobody", async () => {
  await writeLake();
  writeFileSync(join(home, "base.frecas"), "name: base\nprompt: a\n");
  writeFileSync(join(home, "many.txt"), "a lake\n");
  const texts = {
    "lake.frecas": init,
    "own.frecas": "extends: base.frecas#base\n",
    "many.frecas": "prompts: many.txt\n",
    "compared.frecas": "prompt: a\ncompare: [{ init: { image: lake.png } }]\n",
  };
  const names = Object.keys(texts).map((name) => basename(name, ".frecas"));
  const { hear, looks, change } = await open(texts);
  await hear(...names.flatMap((name) => [`${name}: right`, `${name}: plans`]));
  looks();
  await change("results/lake/1.png", "log.txt", "other.frecas");
  expect(await hear()).toEqual([]);
  const check = async (changed: string, readers: readonly string[]): Promise<void> => {
    await change(changed);
    const told = readers.flatMap((name) => [`${name}: plans`, `${name}: right`]);
    expect(await hear(...told)).toEqual(told);
  };
  await check("lake.png", ["compared", "lake"]);
  await check("base.frecas", ["own"]);
  await check("many.txt", ["many"]);
  expect(looks()).toBe(0);
});

it("a model that comes, and whoever comes back, has all looked at again", async () => {
  const { hear, looks, change } = await open({ "a.frecas": "prompt: a\n" });
  await hear("a: right", "a: plans");
  looks();
  for (const changed of [["new/model_index.json"], ["ink.safetensors"], []]) {
    await change(...changed);
    expect(await hear("a: right", "a: plans")).toEqual(["a: plans", "a: right"]);
    expect(looks()).toBe(1);
  }
});

it("a save has all looked at again once, though the file changes on the disk too", async () => {
  const texts = { "a.frecas": "prompt: a\n", "b.frecas": "extends: a.frecas#a\n" };
  const { hear, looks, change, save } = await open(texts);
  const all = ["a: plans", "a: right", "b: plans", "b: right"];
  await hear(...all);
  looks();
  await save("a.frecas");
  await change("a.frecas");
  expect(await hear(...all)).toEqual(all);
  expect(await hear()).toEqual([]);
  expect(looks()).toBe(1);
});
