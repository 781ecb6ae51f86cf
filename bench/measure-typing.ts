// How soon the language server tells the problems of a long recipe file after a keystroke in its middle.
import { spawn } from "node:child_process";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";

const recipes = 200;
const keystrokes = 60;

/** `bundle` is the server's. Figures as lines for people. */
export async function measureTyping(bundle: string): Promise<string> {
  const server = spawn(process.execPath, [bundle, "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  let told = (): void => {};
  connection.onNotification("textDocument/publishDiagnostics", () => told());
  connection.listen();
  const timed = async (method: string, params: object): Promise<number> => {
    const answer = new Promise<void>((resolve) => {
      told = resolve;
    });
    const begin = performance.now();
    await connection.sendNotification(method, params);
    await answer;
    return performance.now() - begin;
  };
  try {
    await connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {},
    });
    await connection.sendNotification("initialized", {});
    const uri = "file:///bench/many.frecas";
    const document = { uri, version: 1, languageId: "frecas", text: longFile() };
    const opened = await timed("textDocument/didOpen", { textDocument: document });
    const times: number[] = [];
    for (let version = 2; version < keystrokes + 2; version += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const [start, end] = [5, 6].map((character) => ({ line: 1004, character }));
      const change = { range: { start, end }, text: String(version % 10) };
      const changed = { textDocument: { uri, version }, contentChanges: [change] };
      times.push(await timed("textDocument/didChange", changed));
    }
    const sorted = times.sort((one, other) => one - other);
    const at = (share: number): string => ms(sorted[Math.floor(share * (keystrokes - 1))]);
    return `\n## Typing\nproblems of ${recipes} recipes: told ${ms(opened)} after opening, ${at(0.5)} after a keystroke (median of ${keystrokes}; best ${at(0)}, one in ten ${at(0.9)})`;
  } finally {
    connection.dispose();
    server.kill();
  }
}

/** Ten lines a recipe; the fifth of each holds its seed. */
function longFile(): string {
  const recipe = (index: number): string =>
    `name: r${index}\nextends: ${index % 50 === 0 ? "base" : `r${index - 1}`}\nprompt: a calm lake at dawn\nsize: 1024x512\nseed: ${index + 1000}\nstages:\n  - { size: 256x128, steps: 30, until: 100 }\n  - { size: 512x256, steps: 12, until: 20 }\n  - { size: 1024x512, steps: 8 }\n`;
  const others = Array.from({ length: recipes - 1 }, (_, index) => recipe(index));
  return [...others, "name: base\nprompt: a calm lake at dawn\n"].join("---\n");
}

function ms(value = Number.NaN): string {
  return `${value.toFixed(1)} ms`;
}
