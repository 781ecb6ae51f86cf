// Tokenizer folders as people have them: older and newer files, line ends, padding tokens, damage.
import { expect, it } from "vitest";
import { loadClipTokenizer } from "../../daemon/tokens/load-clip-tokenizer.ts";
import { bangMap, goldenFolder, readGolden } from "./golden-folder.ts";

type Files = Readonly<Record<string, string | null>>;
type Answer = readonly number[] | { readonly code: string; readonly message: RegExp };

/** The ids of "sky lake!" at 6 positions. */
function check(files: Files, expected: Answer): void {
  const load = () => loadClipTokenizer(goldenFolder, readGolden(files)).encode("sky lake!", 6);
  if (!("code" in expected)) {
    expect([...load().ids]).toEqual(expected);
    return;
  }
  const { code, message } = expected;
  expect(load).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
}

const golden = (name: string): string => readGolden()(`${goldenFolder}/${name}`) ?? "";
const config = (pad_token: unknown): string => JSON.stringify({ pad_token });
const gone = { "vocab.json": null, "merges.txt": null };
const ids = [794, 515, 593, 256, 795, 795];
const bangIds = [794, 515, 593, 0, 795, 0];

function withTokenizerJson(change: (json: TokenizerJson) => object): Files {
  return {
    ...gone,
    "tokenizer.json": JSON.stringify(change(JSON.parse(golden("tokenizer.json")))),
  };
}

interface TokenizerJson {
  readonly model: { readonly merges: readonly (readonly string[])[]; readonly vocab: object };
}

const cases: readonly (readonly [string, Files, Answer])[] = [
  ["reads vocab.json and merges.txt", { "tokenizer.json": null }, ids],
  ["reads tokenizer.json alone", gone, ids],
  ["reads tokenizer.json where merges.txt is missing", { "merges.txt": null }, ids],
  [
    "reads merges written as one text",
    withTokenizerJson(({ model }) => ({
      model: { ...model, merges: model.merges.map((pair) => pair.join(" ")) },
    })),
    ids,
  ],
  [
    "reads merges with Windows line ends",
    { "merges.txt": golden("merges.txt").replaceAll("\n", "\r\n") },
    ids,
  ],
  [
    "reads merges without a version line",
    { "merges.txt": golden("merges.txt").replace(/^#.*\n/, "") },
    ids,
  ],
  ["pads with the end where nothing is said", { "tokenizer_config.json": null }, ids],
  ["pads as tokenizer_config.json says", { "tokenizer_config.json": config("!") }, bangIds],
  [
    "pads with a token written with its properties",
    { "tokenizer_config.json": config({ content: "!", normalized: false }) },
    bangIds,
  ],
  [
    "pads as special_tokens_map.json says before the other",
    { "special_tokens_map.json": bangMap },
    bangIds,
  ],
  [
    "passes over a padding of null",
    { "special_tokens_map.json": config(null), "tokenizer_config.json": config("!") },
    bangIds,
  ],
  [
    "names a missing vocab.json",
    { "vocab.json": null, "tokenizer.json": null },
    { code: "model.incomplete", message: /must hold vocab\.json/ },
  ],
  [
    "names a missing merges.txt",
    { "merges.txt": null, "tokenizer.json": null },
    { code: "model.incomplete", message: /must hold merges\.txt/ },
  ],
  [
    "refuses a vocabulary that is no JSON",
    { "vocab.json": "{" },
    { code: "model.config", message: /vocab\.json: must be JSON/ },
  ],
  [
    "refuses a vocabulary of texts",
    { "vocab.json": '{"a":"b"}' },
    { code: "model.config", message: /vocab\.json: "a" must be understood/ },
  ],
  [
    "refuses a merge of three",
    { "merges.txt": "#version: 0.2\ni n g\n" },
    {
      code: "model.config",
      message: /merges\.txt: must have two tokens in each merge, got "i n g"/,
    },
  ],
  [
    "refuses a merge into an unknown token",
    { "merges.txt": "#version: 0.2\nq x\n" },
    { code: "model.config", message: /must make tokens of the vocabulary only, got "q x"/ },
  ],
  [
    "refuses a tokenizer.json of another kind",
    withTokenizerJson(({ model }) => ({ model: { ...model, type: "Unigram" } })),
    { code: "model.config", message: /tokenizer\.json: "model\.type" must be understood/ },
  ],
  [
    "refuses a padding that is no token",
    { "tokenizer_config.json": config("[PAD]") },
    { code: "model.config", message: /must have the token \[PAD\] in its vocabulary/ },
  ],
  [
    "refuses a padding that objects inherit",
    { "tokenizer_config.json": config("toString") },
    { code: "model.config", message: /must have the token toString/ },
  ],
];

it.each(cases)("%s", (_, files, expected) => check(files, expected));
