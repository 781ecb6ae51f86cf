// What a stage leaves behind for people to look at, as the bytes of files: its picture, and the attention that the next one
// reuses, word by word.
import { sizeOf, type Tensor } from "../base/tensor.ts";
import { encodePng } from "../image/write-png.ts";
import type { AttentionMap } from "../sampler/attention-maps.ts";
import type { StepRecord } from "../sampler/sample.ts";
import { encodeAttention, type PromptWord } from "../trace/attention-file.ts";
import { toPicture } from "./to-picture.ts";

/** The last step of a stage that hands its picture on. */
export interface EndedStage {
  readonly record: Pick<StepRecord, "stage" | "picture" | "maps">;
  /** Index of the prompt, its text, and the words in it. */
  readonly prompt: number;
  readonly text: string;
  readonly words: readonly PromptWord[];
  readonly images: number;
}

/** Files' bytes: a PNG for each picture, and the maps where any were collected. Throws `brokenPicture`. */
export async function encodeStage({ record, text, words, images }: EndedStage): Promise<{
  readonly pictures: readonly Uint8Array[];
  readonly maps: Uint8Array | null;
}> {
  const { picture, maps } = record;
  const pictures: Uint8Array[] = [];
  if (picture !== null)
    for (let image = 0; image < (picture.shape[0] ?? 0); image += 1)
      pictures.push(await encodePng(toPicture(picture, image), {}));
  if (maps === null || words.length === 0) return { pictures, maps: null };
  const { grid } = maps;
  const kept = { prompt: text, words, grid, maps: wordMaps(maps, words, images) };
  return { pictures, maps: encodeAttention(kept) };
}

/** The side with the prompt only, and of it the sum of each word's tokens: [images, words, h, w]. */
function wordMaps(
  { grid, map }: AttentionMap,
  words: readonly PromptWord[],
  images: number,
): Tensor {
  const [batch = 0, cells = 0, tokens = 0] = map.shape;
  const shape = [images, words.length, grid.height, grid.width];
  const data = new Float32Array(sizeOf(shape));
  for (let image = 0, at = 0; image < images; image += 1)
    for (const word of words)
      for (let cell = 0; cell < cells; cell += 1, at += 1) {
        const row = ((batch - images + image) * cells + cell) * tokens;
        let sum = 0;
        for (const token of word.tokens) sum += map.data[row + token] as number;
        data[at] = sum;
      }
  return { shape, data };
}
