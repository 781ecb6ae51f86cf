// Knows pickle checkpoints by name or first bytes. Never opens one: unpickling runs what it likes.
import { pickleRefused } from "../base/failure.ts";

/** File names that are pickles whatever they hold. */
export const pickleName = /\.(ckpt|bin|pt|pth|pkl)$/i;

/** Throws `pickleRefused` where the name or the first 9 bytes (or fewer) are a pickle's or a zip's. */
export function refusePickle(file: string, firstBytes: Uint8Array): void {
  if (pickleName.test(file)) throw pickleRefused(file);
  const [first, second, third, fourth] = firstBytes;
  const isZip = first === 0x50 && second === 0x4b && third === 0x03 && fourth === 0x04;
  const isPickle = first === 0x80 && second !== undefined && second >= 2 && second <= 5;
  // The same bytes may be the length of a safetensors header, which is then followed by JSON.
  if ((isZip || isPickle) && !beginsJson(firstBytes[8])) throw pickleRefused(file);
}

function beginsJson(byte: number | undefined): boolean {
  return byte !== undefined && "{ \t\r\n".includes(String.fromCharCode(byte));
}
