// Documents that were read a moment ago, by their text: while somebody types, all but one of a file's stay the same.
import type { WrittenDocument } from "./written.ts";

export interface DocumentMemory {
  /** What `read` gives for this text, read anew only where that is not remembered. */
  read(text: string, read: () => readonly WrittenDocument[]): readonly WrittenDocument[];
}

/** Remembers the texts that were asked for last; `most` of them, about. */
export function rememberDocuments(most = 4000): DocumentMemory {
  let recent = new Map<string, readonly WrittenDocument[]>();
  let older: typeof recent = new Map();
  return {
    read: (text, read) => {
      const known = recent.get(text);
      if (known !== undefined) return known;
      if (recent.size >= most / 2) {
        older = recent;
        recent = new Map();
      }
      const documents = older.get(text) ?? read();
      recent.set(text, documents);
      return documents;
    },
  };
}

/** For a text that is read once. */
export const noMemory: DocumentMemory = { read: (_, read) => read() };
