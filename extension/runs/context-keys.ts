// Keys that the manifest's enablements and menus read, told to the editor.
import { commands } from "vscode";

export interface ContextKeys {
  set(key: string, value: boolean): void;
}

/** Tells the editor of a key only when its value is another one: each telling costs it a message. */
export function contextKeys(): ContextKeys {
  const told = new Map<string, boolean>();
  return {
    set: (key, value) => {
      if (told.get(key) === value) return;
      told.set(key, value);
      void commands.executeCommand("setContext", key, value);
    },
  };
}
