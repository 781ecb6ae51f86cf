// Where models are looked for, by what the environment says.
import { describe, expect, it } from "vitest";
import { modelPlaces } from "../../daemon/catalogue/model-places.ts";
import { expandPath, type Surroundings } from "../../daemon/catalogue/surroundings.ts";

const surroundings = (env: Surroundings["env"], platform: NodeJS.Platform = "linux") => ({
  env,
  home: "/home/me",
  cache: "/home/me/.cache",
  cwd: "/here",
  platform,
});

describe("the hub's cache is where huggingface_hub has it", () => {
  function check(env: Surroundings["env"], expected: string): void {
    expect(modelPlaces("/app", surroundings(env)).hub).toBe(expected);
  }
  it("in ~/.cache", () => check({}, "/home/me/.cache/huggingface/hub"));
  it("below HF_HOME", () => check({ HF_HOME: "/data/hf" }, "/data/hf/hub"));
  it("below HF_HOME with a home in it", () => check({ HF_HOME: "~/hf" }, "/home/me/hf/hub"));
  it("in HF_HUB_CACHE before HF_HOME", () =>
    check({ HF_HUB_CACHE: "/hub", HF_HOME: "/data/hf" }, "/hub"));
  it("in HUGGINGFACE_HUB_CACHE, its older name", () =>
    check({ HUGGINGFACE_HUB_CACHE: "/old" }, "/old"));
  it("not in an empty variable", () =>
    check({ HF_HUB_CACHE: "", HF_HOME: "" }, "/home/me/.cache/huggingface/hub"));
});

describe("the settings are in the user's folder for them", () => {
  function check(env: Surroundings["env"], expected: string, platform?: NodeJS.Platform): void {
    expect(modelPlaces("/app", surroundings(env, platform)).settings).toBe(expected);
  }
  it("in ~/.config", () => check({}, "/home/me/.config/frecas/settings.yaml"));
  it("in XDG_CONFIG_HOME", () =>
    check({ XDG_CONFIG_HOME: "/etc/me" }, "/etc/me/frecas/settings.yaml"));
  it("not in a relative one", () =>
    check({ XDG_CONFIG_HOME: "me" }, "/home/me/.config/frecas/settings.yaml"));
  it("in APPDATA on Windows", () =>
    check({ APPDATA: "/me/Roaming" }, "/me/Roaming/frecas/settings.yaml", "win32"));
});

it("FRECAS_MODELS lists folders as PATH does, relative ones from the present folder", () => {
  const env = { FRECAS_MODELS: "/data:~/sd::more" };
  expect(modelPlaces("/app", surroundings(env)).listed).toEqual([
    "/data",
    "/home/me/sd",
    "/here/more",
  ]);
});

describe("paths are expanded as Python's expanduser and expandvars do", () => {
  function check(written: string, expected: string, platform?: NodeJS.Platform): void {
    const env = { DISK: "/mnt/big", EMPTY: "" };
    expect(expandPath(written, surroundings(env, platform), "/base")).toBe(expected);
  }
  it("~", () => check("~", "/home/me"));
  it("~/x", () => check("~/x", "/home/me/x"));
  it("no ~ within", () => check("/a/~/x", "/a/~/x"));
  it("~other stays", () => check("~other/x", "/base/~other/x"));
  it("$NAME", () => check("$DISK/sd", "/mnt/big/sd"));
  it("two names with braces", () => check(["$", "{DISK}/$", "{EMPTY}x"].join(""), "/mnt/big/x"));
  it("a name that is not there stays", () => check("/a/$NOTHING", "/a/$NOTHING"));
  it("%NAME% stays where there is no Windows", () => check("/a/%DISK%", "/a/%DISK%"));
  it("%NAME% on Windows", () => check("%DISK%/sd", "/mnt/big/sd", "win32"));
  it("a relative path", () => check("../x/", "/x"));
});
