// Runs the built command line as a person does: a process of its own, in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, expect } from "vitest";

const dist = join(import.meta.dirname, "../../dist");
if (!existsSync(join(dist, "cli.js")) || !existsSync(join(dist, "engine.js")))
  throw new Error("dist/cli.js and dist/engine.js are not built; run `node scripts/build.mjs`");

/** The bundles under test. */
export const bundles = { cli: join(dist, "cli.js"), engine: join(dist, "engine.js") };

/** A model for tests that is small enough to paint in a second. */
export const goldenModel = join(import.meta.dirname, "../goldens/models/sd15");

/** A folder for one test file, gone when its tests are. Other users may look into it. */
export function openWorkplace(): string {
  const folder = mkdtempSync(join(tmpdir(), "frecas-cli-"));
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a text file, folders included, and returns its path. */
export function write(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** A recipe of two small stages over the golden model; `extra` are more lines. */
export function tinyRecipe(extra = "", model = goldenModel): string {
  return `model: ${model}
prompt: a lake
stages:
  - { size: 64, steps: 2, until: 200 }
  - { size: 72, steps: 1 }
${extra}`;
}

/** A recipe that paints for many seconds, a step every few milliseconds. */
export const longRecipe = `model: ${goldenModel}
prompt: a lake
stages: [{ size: 64, steps: 1000, until: 0 }, { size: 72, steps: 1000 }]
`.replace("until: 0", "until: 200");

export interface Started {
  readonly child: ChildProcess;
  /** Resolves once its error output has matched. */
  said(pattern: RegExp): Promise<void>;
  /** Resolves once its output has matched. */
  printed(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A user without rights, where the tests' own user has all of them. */
  readonly asNobody?: boolean;
  /** The bundle to run. */
  readonly cli?: string;
}

/** Nothing here takes this long; a process that does is hanging, and its test fails on the signal. */
const longestMs = 60_000;

/** Starts `frecas args`; caches go below `cwd`. */
export function start(args: readonly string[], surroundings: Surroundings): Started {
  const { cwd, env, asNobody = false, cli = bundles.cli } = surroundings;
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: cwd, XDG_CACHE_HOME: join(cwd, "cache"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longestMs,
    killSignal: "SIGKILL",
    ...(asNobody && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  const until =
    (stream: Readable, text: () => string) =>
    (pattern: RegExp): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => void (pattern.test(text()) && resolve());
        stream.on("data", look);
        void ended.then(() => reject(new Error(`ended without saying ${pattern}: ${out} ${err}`)));
        look();
      });
  return {
    child,
    said: until(child.stderr, () => err),
    printed: until(child.stdout, () => out),
    ended,
  };
}

/** Runs `frecas args` to its end. */
export function frecas(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}

/** One sentence on stderr, nothing of the program's insides, and where JSON was asked for one object too. */
export function expectFailure(
  { code, signal, out, err }: Ended,
  failure: { readonly code: string; readonly message: RegExp; readonly exit?: number },
): void {
  expect({ code, signal, err }).toMatchObject({ code: failure.exit ?? 2, signal: null });
  const sentences = err.split("\n").filter((line) => line.startsWith("frecas: "));
  expect(sentences).toHaveLength(1);
  const sentence = sentences[0]?.slice("frecas: ".length) ?? "";
  expect(sentence).toMatch(failure.message);
  expect(sentence).toMatch(/^.+: .+[,;] .+$/);
  expectNoInsides(err);
  const last = out.trimEnd().split("\n").at(-1) ?? "";
  if (last.startsWith("{"))
    expect(JSON.parse(last)).toEqual({ failed: failure.code, message: sentence });
  else expect(out).not.toContain("{");
}

/** No stack, no warning of Node or of the runtime. */
export function expectNoInsides(err: string): void {
  expect(err).not.toMatch(/^\s+at .+/m);
  expect(err).not.toMatch(/onnxruntime::|\[[EW]:|Warning:|node:internal|Unhandled/);
}
