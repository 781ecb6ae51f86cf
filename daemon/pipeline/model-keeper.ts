// Keeps the model of the run before open for the next one: opening takes seconds, and the variants of a sweep share
// their model. One at a time; another folder, device, config or list of LoRAs closes it, and another file of weights in the
// place of one; other weights of the same LoRAs do not.
import type { ReadText } from "../base/read-json.ts";
import { type ModelConfig, withoutT5 } from "../config/model-config.ts";
import type { LoraFile } from "../config/read-lora.ts";
import { readModel } from "../config/read-model.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import type { Device } from "../runtime/choose-device.ts";
import type { NetworkCache } from "../runtime/network-cache.ts";
import { loadTokenizer } from "../tokens/load-tokenizer.ts";
import type { PromptWord } from "../trace/attention-file.ts";
import { identifyFile } from "../weights/identify-file.ts";
import { encodeTexts, type TextEmbedding } from "./encode-texts.ts";
import { modelFiles } from "./model-files.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import { promptWords } from "./prompt-words.ts";

/** A model with the tokenizers and the texts that belong to it. */
export interface KeptModel {
  readonly config: ModelConfig;
  readonly open: OpenModel;
  /** Vectors by text; texts of the call before are not encoded again. */
  encode(texts: readonly string[], run: EncodingRun): Promise<ReadonlyMap<string, TextEmbedding>>;
  /** The words of a text, with the tokens that the denoiser is given for them. */
  words(text: string): readonly PromptWord[];
}

/** The process stays below `peakBytes`; `loraWeights` are those of all LoRAs, in their order. */
interface EncodingRun {
  readonly peakBytes: number;
  readonly loraWeights: readonly number[];
}

/** A model, and the LoRAs that change it. */
interface WantedModel extends Pick<Plan["model"], "folder" | "t5"> {
  readonly loras: readonly LoraFile[];
}

export interface ModelKeeper {
  /** The model, its networks open where the run before left them so. Throws Failures. */
  get(wanted: WantedModel, device: Device, onEvent: (event: RunEvent) => void): Promise<KeptModel>;
  /** Frees all memory. */
  close(): Promise<void>;
}

interface Surroundings {
  readonly readText: ReadText;
  /** Folder of the vocabularies that come with the program, for models that hold none. */
  readonly wordsFolder: string;
  /** Absent: as the families were published. */
  readonly rules?: Parameters<typeof readModel>[2];
  /** What the process holds now. */
  heldBytes(): number;
  /** Absent: networks open from the model's own files. */
  readonly cache?: NetworkCache;
}

export function modelKeeper(surroundings: Surroundings): ModelKeeper {
  let kept: { readonly key: string; readonly model: KeptModel } | undefined;
  let tell: (event: RunEvent) => void = () => {};
  const close = async (): Promise<void> => {
    const before = kept;
    kept = undefined;
    await before?.model.open.dispose();
  };
  return {
    get: async ({ folder, t5, loras }, device, onEvent) => {
      tell = onEvent;
      const whole = readModel(folder, surroundings.readText, surroundings.rules);
      const config = t5 === "used" ? whole : withoutT5(whole);
      const files = loras.map(({ file, bytes, modifiedMs }) => ({ file, bytes, modifiedMs }));
      // A merge that was written over another one of its kind has the same config.
      const weights = modelFiles(config).map(identifyFile);
      const key = JSON.stringify({ config, device, files, weights });
      if (kept?.key === key) return kept.model;
      await close();
      const model = keep(
        config,
        openModel(config, device, (event) => tell(event), {
          cache: surroundings.cache,
          loras: files,
        }),
        surroundings,
      );
      kept = { key, model };
      return model;
    },
    close,
  };
}

function keep(config: ModelConfig, open: OpenModel, surroundings: Surroundings): KeptModel {
  const { wordsFolder, readText } = surroundings;
  const encoders = open.textEncoders.map((encoder) => ({
    encoder,
    tokenizer: loadTokenizer(config.tokenizers[encoder.tokenizer], wordsFolder, readText),
  }));
  let known: ReadonlyMap<string, TextEmbedding> = new Map();
  let knownStrengths = "";
  let heldPeakBytes = 0;
  return {
    config,
    open,
    words: (text) => promptWords(text, encoders),
    encode: async (texts, { peakBytes, loraWeights }) => {
      const strengths = JSON.stringify(open.textLoras.map((index) => loraWeights[index]));
      if (strengths !== knownStrengths) known = new Map();
      knownStrengths = strengths;
      const fresh = new Set(texts.filter((text) => !known.has(text)));
      // The plan counts on text encoders being gone before the denoiser is there, and on a denoiser that has not
      // kept the memory of a larger picture.
      const isTight = surroundings.heldBytes() + open.textBytes > peakBytes;
      if ((fresh.size > 0 && isTight) || peakBytes < heldPeakBytes) await open.dispose();
      heldPeakBytes = peakBytes;
      const all = new Map([
        ...known,
        ...(await encodeTexts(fresh, encoders, { config, loraWeights })),
      ]);
      known = new Map(texts.map((text) => [text, all.get(text) as TextEmbedding]));
      return known;
    },
  };
}
