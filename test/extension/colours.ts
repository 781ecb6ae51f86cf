// The grammar as the editor runs it: vscode-textmate over Oniguruma.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const grammarPath = join(import.meta.dirname, "../../syntaxes/frecas.tmLanguage.json");

/** A piece of a line with the scope that the grammar gives it, "" for none. */
export interface Piece {
  readonly words: string;
  readonly scope: string;
}

/** Every line's pieces; white space of its own is left out. */
export async function openGrammar(): Promise<(text: string) => readonly (readonly Piece[])[]> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (words) => new oniguruma.OnigString(words),
    }),
    loadGrammar: async () =>
      textmate.parseRawGrammar(readFileSync(grammarPath, "utf8"), grammarPath),
  });
  const grammar = await registry.loadGrammar("source.frecas");
  if (grammar === null) throw new Error("the grammar has no source.frecas");
  return (text) => {
    let state = textmate.INITIAL;
    return text.split("\n").map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      return tokens.flatMap(({ startIndex, endIndex, scopes }): readonly Piece[] => {
        const words = line.slice(startIndex, endIndex);
        const scope = scopes.at(-1) ?? "";
        return words.trim() === "" ? [] : [{ words, scope: scopes.length === 1 ? "" : scope }];
      });
    });
  };
}
