// T5's tokenizer from a tokenizer.json: ids as transformers' T5TokenizerFast gives them, and files that are refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadT5Tokenizer } from "../../daemon/tokens/load-t5-tokenizer.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";

const tiny = JSON.parse(readFileSync(modelFixture("t5/tokenizer_3/tokenizer.json"), "utf8"));
const load = (json: object | string | undefined) =>
  loadT5Tokenizer("/m", () => (typeof json === "object" ? JSON.stringify(json) : json));

describe("a tiny tokenizer", () => {
  const { prompt, negative } = JSON.parse(readFileSync(modelFixture("t5/prompts.json"), "utf8"));
  const { data } = tensorOf(readTensors(modelFixture("t5.safetensors")), "ids");

  it.each([prompt, negative])("gives %j the ids of transformers", (text: string) => {
    const start = text === prompt ? 0 : 256;
    expect([...load(tiny).encode(text, 256).ids]).toEqual([...data.subarray(start, start + 256)]);
  });

  it("says where a text is cut, and ends it all the same", () => {
    const { ids, used, cutAt } = load(tiny).encode(prompt, 9);
    expect([...ids]).toEqual([...data.subarray(0, 8), 1]);
    expect(used).toBe(9);
    const whole = load(tiny).encode(prompt.slice(0, cutAt ?? 0), 9);
    expect([...whole.ids].slice(0, 8)).toEqual([...data.subarray(0, 8)]);
    expect(load(tiny).encode(prompt, 256).cutAt).toBeNull();
  });

  it("finds its special tokens in texts", () => {
    const { ids } = load(tiny).encode("a</s><pad> a", 8);
    const [a = 0] = load(tiny).encode("a", 8).ids;
    expect([...ids]).toEqual([a, 1, 0, a, 1, 0, 0, 0]);
  });
});

describe("T5's own vocabulary", () => {
  const tokenizer = loadT5Tokenizer(join(import.meta.dirname, "../../media/t5"), (path) =>
    readFileSync(path, "utf8"),
  );
  const known: readonly (readonly [string, readonly number[]])[] = JSON.parse(
    readFileSync(join(import.meta.dirname, "t5-ids.json"), "utf8"),
  );

  it.each(known)("gives %j the ids of transformers", (text, expected) => {
    const { ids, used } = tokenizer.encode(text);
    expect([...ids.subarray(0, used)]).toEqual(expected);
    expect(ids.length).toBe(256);
    expect(ids.subarray(used).every((id) => id === 0)).toBe(true);
  });

  it.each([
    ["a photo of a cat", 4, "a photo"],
    ["naïve ﬁne café", 5, "naï"],
    ["a 🙂 b", 3, "a"],
  ])("cuts %j to %i ids after %j", (text, positions, kept) => {
    const { cutAt } = tokenizer.encode(text, positions);
    expect(text.slice(0, cutAt ?? 0).trim()).toBe(kept.trim());
  });
});

const model = tiny.model;
const step = (type: string, more = {}) => ({ ...tiny, normalizer: { type, ...more } });

it.each<readonly [string, object | string | undefined, string, RegExp]>([
  ["a file that is not there", undefined, "model.incomplete", /must hold tokenizer\.json/],
  ["a file that is no JSON", "{", "model.config", /tokenizer\.json: must be JSON/],
  [
    "another kind of model",
    { ...tiny, model: { ...model, type: "BPE" } },
    "model.config",
    /"model\.type" must be understood/,
  ],
  [
    "pieces that fall back to bytes",
    { ...tiny, model: { ...model, byte_fallback: true } },
    "model.config",
    /"model\.byte_fallback" must be understood/,
  ],
  ["a step that is not built", step("NFKC"), "model.config", /"normalizer" must be understood/],
  [
    "a map of characters that is none",
    step("Precompiled", { precompiled_charsmap: "AAAA" }),
    "model.config",
    /"precompiled_charsmap" must be a map of characters/,
  ],
  [
    "a map of characters that comes late",
    step("Sequence", {
      normalizers: [
        { type: "Strip", strip_left: true, strip_right: true },
        { type: "Precompiled", precompiled_charsmap: "AAAA" },
      ],
    }),
    "model.config",
    /must have its Precompiled normalizer first/,
  ],
  [
    "words that are split in another way",
    { ...tiny, pre_tokenizer: { type: "ByteLevel" } },
    "model.config",
    /"pre_tokenizer" must be understood/,
  ],
  [
    "no token that ends a text",
    { ...tiny, added_tokens: tiny.added_tokens.slice(0, 1) },
    "model.config",
    /must have the token <\/s> among its added_tokens/,
  ],
])("refuses %s", (_, json, code, message) => {
  const wanted = { code, message: expect.stringMatching(message) };
  expect(() => load(json)).toThrow(expect.objectContaining(wanted));
});
