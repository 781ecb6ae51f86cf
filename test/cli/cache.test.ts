// `frecas cache`: what it lists and clears, the setting it goes by, and engines that keep networks or are told not to.
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CachePlace } from "../../daemon/cache/cache-place.ts";
import { networksPlace } from "../../daemon/planner/networks-place.ts";
import { startEngine } from "../../daemon/supervisor/start-engine.ts";
import { planOfGolden } from "../support/published-run.ts";
import { bundles, expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";

const workplace = openWorkplace();

/** A cache below `cwd` with a denoiser and a decoder of 3 MB, and what a killed process left. */
function fillCache(cwd: string): string {
  const folder = join(cwd, "cache/frecas/networks");
  const entry = (name: string, network: string, bytes: number, day: number): void => {
    const facts = { model: "/models/one", network, graphHash: "", weightsBytes: bytes };
    const path = write(join(folder, name, "entry.json"), JSON.stringify(facts));
    write(join(folder, name, "weights.bin"), new Uint8Array(bytes));
    const then = new Date(Date.UTC(2026, 0, day, 12, 30));
    utimesSync(path, then, then);
  };
  entry("aaaa", "denoiser", 20_000_000, 2);
  entry("bbbb", "vae-decode", 10_000_000, 3);
  const unfinished = write(join(folder, "cccc.1.tmp/weights.bin"), new Uint8Array(5_000_000));
  const then = new Date(Date.UTC(2026, 0, 1));
  utimesSync(dirname(unfinished), then, then);
  write(join(folder, "dddd.seen.json"), '{"openings":1,"attempts":0}');
  return folder;
}

it("lists what is kept, the last used first, with the total and the limit", async () => {
  const cwd = join(workplace, "list");
  const folder = fillCache(cwd);
  const { code, out, err } = await frecas(["cache"], { cwd, env: { FRECAS_CACHE_LIMIT: "7.5" } });
  expect({ code, out, err }).toEqual({
    code: 0,
    out: [
      "/models/one  vae-decode  0.01 GB  last used 2026-01-03 12:30",
      "/models/one  denoiser  0.02 GB  last used 2026-01-02 12:30",
      `unfinished  ${folder}/cccc.1.tmp  0.01 GB  last used 2026-01-01 00:00`,
      "",
    ].join("\n"),
    err: `${folder}: 0.04 GB of at most 7.50 GB\n`,
  });
});

it("lists the same as JSON", async () => {
  const cwd = join(workplace, "json");
  const folder = fillCache(cwd);
  const { code, out } = await frecas(["cache", "--json"], { cwd });
  const lines = out.trimEnd().split("\n");
  const objects = lines.map((line): Record<string, unknown> => JSON.parse(line));
  expect(code).toBe(0);
  expect(objects[0]).toMatchObject({
    folder: join(folder, "bbbb"),
    model: "/models/one",
    network: "vae-decode",
    lastUsed: "2026-01-03T12:30:00.000Z",
  });
  expect(objects[2]).toMatchObject({ model: null, network: null, bytes: 5_000_000 });
  const bytes = objects.slice(0, 3).reduce((sum, each) => sum + Number(each["bytes"]), 0);
  expect(objects[3]).toEqual({ folder, bytes, limitBytes: 20e9 });
});

it("lists nothing where nothing was kept", async () => {
  const cwd = join(workplace, "none");
  mkdirSync(cwd);
  const { code, out, err } = await frecas(["cache"], { cwd });
  expect({ code, out }).toEqual({ code: 0, out: "" });
  expect(err).toMatch(/frecas\/networks: 0\.00 GB of at most 20\.00 GB\n$/);
});

it("clears all of it, and nothing beside it", async () => {
  const cwd = join(workplace, "clear");
  const folder = fillCache(cwd);
  const profile = write(join(cwd, "cache/frecas/machine.json"), "{}");
  const { code, err } = await frecas(["cache", "clear"], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: `${folder}: 0.04 GB cleared\n` });
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(profile)).toBe(true);
  const again = await frecas(["cache", "clear", "--json"], { cwd });
  expect(JSON.parse(again.out)).toEqual({ folder, clearedBytes: 0 });
});

it("knows no other action", async () => {
  const ended = await frecas(["cache", "empty"], { cwd: workplace });
  expectFailure(ended, { code: "settings.invalid", message: /got cache empty, where only/ });
});

describe("FRECAS_CACHE_LIMIT", () => {
  const check = (given: string, limitBytes: number | null): void =>
    expect(networksPlace("/c", { FRECAS_CACHE_LIMIT: given })?.limitBytes ?? null).toBe(limitBytes);

  it("is a number of gigabytes", () => check("2.5", 2.5e9));
  it("is 20 GB where it is empty", () => check("", 20e9));
  it("keeps nothing where it is 0", () => check("0", null));
  it.each(["much", "-1", "NaN", "Infinity", "20 GB"])(
    "is refused where it is %s",
    async (given) => {
      const cwd = join(workplace, "limit");
      write(join(cwd, "lake.frecas"), tinyRecipe());
      for (const args of [["cache"], ["run", "lake.frecas"]]) {
        const ended = await frecas(args, { cwd, env: { FRECAS_CACHE_LIMIT: given } });
        expectFailure(ended, {
          code: "command.invalid",
          message: /settings FRECAS_CACHE_LIMIT: must be a number of gigabytes/,
        });
      }
    },
  );
  it("that is wrong is not asked for with --no-cache", async () => {
    const cwd = join(workplace, "limit");
    write(join(cwd, "lake.frecas"), tinyRecipe());
    const env = { FRECAS_CACHE_LIMIT: "much" };
    const { code } = await frecas(["run", "lake.frecas", "--no-cache"], { cwd, env });
    expect(code).toBe(0);
  });
});

describe("an engine", () => {
  const plan = planOfGolden("sd15", join(workplace, "engine"));
  const picture = (): string => readFileSync(plan.prompts[0]?.outputs[0] ?? "", "hex");
  const placeOf = (name: string): CachePlace => ({
    folder: join(workplace, name),
    limitBytes: 1e9,
    leastWeightBytes: 0,
  });

  /** What became of the networks; with `killAt` the process is killed when that is told. */
  async function run(cache: CachePlace | null, killAt?: string): Promise<readonly string[]> {
    const engine = startEngine(bundles.engine, { cache });
    const told: string[] = [];
    const ended = engine.run(plan, ({ event }) => {
      if (event.kind !== "cache") return;
      told.push(`${event.state} ${event.part}`);
      if (told.at(-1) === killAt) engine.kill();
    });
    await (killAt === undefined ? ended : expect(ended).rejects.toThrow(/SIGKILL/));
    engine.kill();
    return told;
  }

  const whole = (place: CachePlace): readonly string[] =>
    readdirSync(place.folder).filter((name) => existsSync(join(place.folder, name, "entry.json")));

  it("keeps nothing where it was given no place", async () => {
    expect(await run(null)).toEqual([]);
  });

  it("keeps networks for the engine after it", async () => {
    const place = placeOf("kept");
    expect(await run(place)).toEqual([]);
    expect(await run(place)).toContain("saved denoiser");
    const before = picture();
    expect(await run(place)).toContain("used denoiser");
    expect(picture()).toBe(before);
    expect(whole(place)).toHaveLength(3);
  });

  it.each(["saving denoiser", "saving vae-decode", "saved denoiser"])(
    'that is killed at "%s" leaves whole entries and no others under their names',
    async (moment) => {
      const place = placeOf(moment.replace(" ", "-"));
      await run(place);
      const before = picture();
      await run(place, moment);
      const named = readdirSync(place.folder).filter((name) => !/\.(tmp|json)$/.test(name));
      expect(whole(place)).toEqual(named);
      await run(place);
      expect(picture()).toBe(before);
      expect(whole(place)).toHaveLength(3);
    },
  );
});
