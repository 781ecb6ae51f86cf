// The commands with their options, and what each of them calls. Knows words and defaults, not what they do.
import { Command, CommanderError, Option } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { invalidCommand } from "../base/failure.ts";
import { cache } from "./cache.ts";
import type { CliContext } from "./cli-context.ts";
import { check, info, type OutputOptions, type PlanOptions, plan } from "./commands.ts";
import { type CompareOptions, compare } from "./compare.ts";
import {
  changeQueue,
  changeRuns,
  daemonStart,
  daemonStatus,
  daemonStop,
  logs,
  ps,
  submit,
  watch,
} from "./daemon-commands.ts";
import { doctor } from "./doctor.ts";
import { expandFlags } from "./expand-flags.ts";
import { fitPreview } from "./fit-preview.ts";
import { type GenerateOptions, generate } from "./generate.ts";
import { models } from "./models.ts";
import { type RunOptions, run } from "./run.ts";

/** The exit code of what `args` ask for. Throws Failures. */
export async function runCommandLine(
  args: readonly string[],
  context: CliContext,
): Promise<number> {
  let code = 0;
  const exit = (given: number): void => {
    code = given;
  };
  const program = new Command("frecas")
    .description("High-resolution pictures from the diffusion models you have.")
    .version(manifest.version)
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.trimEnd()),
      // Help that nobody asked for is shown; errors are thrown, and said once, by whoever catches them.
      writeErr: (text) => context.terminal.err(text.trimEnd()),
      outputError: () => {},
    })
    .exitOverride();
  readCommands(program, context, exit);
  runCommands(program, context, exit);
  compareCommand(program, context, exit);
  queueCommands(program, context, exit);
  try {
    await program.parseAsync(inFull(args, program), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw invalidCommand(explain(error));
  }
  return code;
}

/** The published command line takes its flags cut short, and so does the command that stands for it. */
function inFull(args: readonly string[], { commands }: Command): readonly string[] {
  const published = commands.find((command) => command.name() === "generate");
  if (published === undefined || args[0] !== published.name()) return args;
  return expandFlags(
    args,
    published.options.flatMap(({ long }) => long ?? []),
  );
}

/** "error: unknown command 'bla'\n(Did you mean plan?)" → one clause. */
function explain({ code, message }: CommanderError): string {
  if (code === "commander.help") return "no command";
  return message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
}

const jsonMeaning = "one JSON object a line";
const noCacheMeaning = "open networks from the model's own files, and keep none";
const noDaemonMeaning = "paint in this process's own engine, also where a daemon is up";

function withSet(command: Command): Command {
  const collect = (pair: string, pairs: readonly string[]): readonly string[] => [...pairs, pair];
  const meaning = "change a key of every recipe; may be given again";
  return command.option("--set <key=value>", meaning, collect, []);
}

function readCommands(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = (usage: string, does: string): Command =>
    program.command(usage).description(does).option("--json", jsonMeaning);
  command("check <file>", "say what is wrong with a recipe file; exit code 1 on errors").action(
    async (file: string, options: OutputOptions) => exit(await check(file, options, context)),
  );
  withSet(command("plan <file>", "say what a run would do (FILE or FILE#name)")).action(
    async (file: string, options: PlanOptions) => exit(await plan(file, options, context)),
  );
  command("models", "list the models that recipes can name").action(
    async (options: OutputOptions) => exit(await models(options, context)),
  );
  command("info <picture>", "print the recipe inside a picture").action(
    (path: string, options: OutputOptions) => exit(info(path, options, context)),
  );
  command("cache [clear]", "list the prepared networks that are kept, or take them away").action(
    (action: string | undefined, options: OutputOptions) => exit(cache(action, options, context)),
  );
  command("doctor", "try every provider and measure this machine").action(
    async (options: OutputOptions) => exit(await doctor(options, context)),
  );
}

function runCommands(program: Command, context: CliContext, exit: (code: number) => void): void {
  withSet(program.command("run <file>"))
    .description("paint a recipe file's pictures (FILE or FILE#name)")
    .option("--no-cache", noCacheMeaning)
    .option("--no-daemon", noDaemonMeaning)
    .option("--json", jsonMeaning)
    .action(async (target: string, options: RunOptions) =>
      exit(await run(target, options, context)),
    );
  program
    .command("generate")
    .description("paint with the flags of the published code")
    .option("--name <name>", "sd21, sdxl, sd3, a model's name or its folder", "sdxl")
    .option("--prompts <text>", "a text, or a file with one prompt a line", "prompts.lst")
    .option("--images-per-prompt <n>", "images of each prompt", "1")
    .option("--gs <g>", "guidance", "5.0")
    .option("--tsize <sizes>", "[[height,width],…] of the stages", "[[1024,1024],[2048,2048]]")
    .option("--msp_endtimes <t...>", "last timestep of each stage", ["200", "0"])
    .option("--msp_steps <n...>", "steps of each stage", ["40", "10"])
    .option("--msp_gamma <gamma>", "how noisy stages start", "2.0")
    .option("--facfg_weight <w...>", "guidance of the high and the low band", ["7.5"])
    .addOption(
      new Option("--facfg_mode <mode>").choices(["bilinear"]).default("bilinear").hideHelp(),
    )
    .option("--camap_weight <w>", "weight of reused attention maps", "1.0")
    .option("--vae_tiling", "decode in tiles")
    .option("--seed <seed>", "seed of the first prompt", "1")
    .addOption(new Option("--mixed_precision <p>").choices(["no", "fp16", "bf16"]).default("fp16"))
    .option("--output_dir <folder>", "where the pictures go", "results")
    .option("--no-cache", noCacheMeaning)
    .option("--no-daemon", noDaemonMeaning)
    .option("--json", jsonMeaning)
    .action(async (options: GenerateOptions) => exit(await generate(options, context)));
}

function compareCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  withSet(program.command("compare <file>"))
    .description("paint one recipe under several methods, or under its changes, side by side")
    .option("--methods <names>", "frecas, demofusion, scalecrafter, direct, with commas between")
    .option("--metrics", "measure how well each keeps what the model paints small")
    .option("--output <folder>", "where pictures, contact sheet and table go")
    .option("--no-cache", noCacheMeaning)
    .option("--no-daemon", noDaemonMeaning)
    .option("--json", jsonMeaning)
    .action(async (target: string, options: CompareOptions) =>
      exit(await compare(target, options, context)),
    );
}

function queueCommands(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = (parent: Command, usage: string, does: string): Command =>
    parent.command(usage).description(does).option("--json", jsonMeaning);
  withSet(
    command(
      program,
      "submit <file>",
      "put a file's recipes into the daemon's queue (FILE or FILE#name)",
    ),
  ).action(async (target: string, options: RunOptions) =>
    exit(await submit(target, options, context)),
  );
  command(program, "ps", "list the queue").action(async (options: OutputOptions) =>
    exit(await ps(options, context)),
  );
  command(program, "watch", "show what happens in the queue, until Ctrl-C").action(
    async (options: OutputOptions) => exit(await watch(options, context)),
  );
  for (const [method, does] of Object.entries(runMethods))
    command(program, `${method} <run...>`, does).action(
      async (ids: string[], options: OutputOptions) =>
        exit(
          await changeRuns(method as keyof typeof runMethods, ids.map(readRunId), options, context),
        ),
    );
  for (const [name, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const)
    command(program, name, paused ? "begin no further run" : "begin runs again").action(
      async (options: OutputOptions) =>
        exit(await changeQueue("pause", { paused }, options, context)),
    );
  command(program, "logs", "print what the daemon and its engines wrote last")
    .option("--lines <n>", "how many of each", "50")
    .action((options: OutputOptions & { readonly lines: string }) => exit(logs(options, context)));
  command(program, "fit-preview <model>", "find how a model's latents look, for previews")
    .option("--output <file>", "where the map goes")
    .action(async (model: string, options: OutputOptions & { readonly output?: string }) =>
      exit(await fitPreview(model, options, context)),
    );
  const daemon = program.command("daemon").description("start, stop or look at the daemon");
  command(daemon, "start", "start it where none is up").action(async (options: OutputOptions) =>
    exit(await daemonStart(options, context)),
  );
  command(daemon, "stop", "end it; what it paints goes on next time").action(
    async (options: OutputOptions) => exit(await daemonStop(options, context)),
  );
  command(daemon, "status", "say whether it is up; exit code 1 where it is not").action(
    async (options: OutputOptions) => exit(await daemonStatus(options, context)),
  );
}

const runMethods = {
  cancel: "end runs: after their present step, and at once when asked again",
  retry: "put runs that failed or were cancelled into the queue again",
  remove: "forget runs; their pictures stay",
} as const;

/** Throws `invalidCommand`. */
function readRunId(text: string): number {
  const id = Number(text);
  if (!Number.isInteger(id) || id < 1)
    throw invalidCommand(`"${text}" for the number of a run, which frecas ps lists`);
  return id;
}
