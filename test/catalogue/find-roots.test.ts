// Which folders are looked into: what settings and environment name, recognised by what they hold.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRoots } from "../../daemon/catalogue/find-roots.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

interface Case {
  readonly workplace: Workplace;
  readonly folders: readonly string[];
}

/** A home with these folders. */
function openCase(...folders: readonly string[]): Case {
  const workplace = openWorkplace();
  for (const folder of folders) mkdirSync(join(workplace.home, folder), { recursive: true });
  return { workplace, folders };
}

/** The roots as "source folder", with the home written ~; and the notes. */
function check(
  { workplace }: Case,
  expected: readonly string[],
  notes: readonly RegExp[] = [],
  env: Readonly<Record<string, string>> = {},
): void {
  const found = findRoots(workplace.places(env));
  expect(
    found.roots.map(({ source, folder }) => `${source} ${folder.replace(workplace.home, "~")}`),
  ).toEqual(expected);
  expect(found.notes).toEqual(notes.map((note) => expect.stringMatching(note)));
}

const settings = ".config/frecas/settings.yaml";

describe("folders are recognised by what they hold", () => {
  it("nothing where there is nothing", () => check(openCase(), []));

  it("the usual places without being named", () =>
    check(
      openCase(
        "ComfyUI/models/checkpoints",
        "stable-diffusion-webui/models/Stable-diffusion",
        "stable-diffusion-webui-forge/models/Stable-diffusion",
      ),
      [
        "comfyui ~/ComfyUI/models/checkpoints",
        "a1111 ~/stable-diffusion-webui/models/Stable-diffusion",
        "a1111 ~/stable-diffusion-webui-forge/models/Stable-diffusion",
      ],
    ));

  it("what settings and the environment name, in this order and before the usual places", () => {
    const one = openCase("ui/models/checkpoints", "ui/models/diffusers", "sd", "ComfyUI");
    one.workplace.write(settings, "models:\n  - ~/ui\n");
    check(
      one,
      [
        "comfyui ~/ui/models/checkpoints",
        "comfyui ~/ui/models/diffusers",
        "folder ~/sd",
        "folder ~/ComfyUI",
      ],
      [],
      { FRECAS_MODELS: "sd" },
    );
  });

  it("a folder that is named twice, once", () => {
    const one = openCase("sd");
    one.workplace.write(settings, "models: [~/sd, $HOME/sd/]");
    check(one, ["folder ~/sd"], [], { FRECAS_MODELS: "sd", HOME: one.workplace.home });
  });

  it("a folder that is named and not there becomes a note", () => {
    const one = openCase();
    one.workplace.write(settings, "models: [~/gone]");
    check(
      one,
      [],
      [
        /settings\.yaml: must name folders that are there, got .*gone; correct the path/,
        /^FRECAS_MODELS: must name folders that are there, got .*away; correct the path/,
      ],
      { FRECAS_MODELS: "away" },
    );
  });
});

describe("ComfyUI's extra_model_paths.yaml is followed", () => {
  const check2 = (
    text: string,
    expected: readonly string[],
    notes: readonly RegExp[] = [],
  ): void => {
    const one = openCase("ComfyUI", "a/ckpt", "a/more", "b/Stable-diffusion", "ComfyUI/rel/sd");
    one.workplace.write("ComfyUI/extra_model_paths.yaml", text);
    check(one, expected, notes);
  };

  it("several sections, several lines, with and without a base_path", () =>
    check2(
      `# as its example has it
mine:
  base_path: ~/a
  is_default: true
  checkpoints: |
    ckpt
    more

  loras: |
    ckpt
a111:
  base_path: ~/b/
  checkpoints: Stable-diffusion
  vae: models/VAE
near:
  checkpoints: rel/sd
nothing:
`,
      [
        "comfyui ~/a/ckpt",
        "comfyui ~/a/more",
        "comfyui ~/b/Stable-diffusion",
        "comfyui ~/ComfyUI/rel/sd",
      ],
    ));

  it("a base_path beside the file", () =>
    check2("x: { base_path: rel, checkpoints: sd }", ["comfyui ~/ComfyUI/rel/sd"]));

  it("folders that are not there become notes", () =>
    check2("x: { base_path: ~/a, checkpoints: gone }", [], [/extra_model_paths.* got .*a\/gone;/]));

  it("a file that is no YAML becomes a note", () =>
    check2("x: [", [], [/extra_model_paths\.yaml: must be YAML with sections of paths, got "/]));

  it("a list becomes a note", () =>
    check2("- x", [], [/must be YAML with sections of paths, got a list/]));

  it("sections and values of another kind are passed over", () =>
    check2("x: 1\ny: { checkpoints: 2, base_path: [3] }\nz: { checkpoints: [~/a/ckpt] }", [
      "comfyui ~/a/ckpt",
    ]));

  it("an empty file says nothing", () => check2("", []));
});

describe("settings that cannot be understood are a failure", () => {
  const check3 = (text: string, message: RegExp): void => {
    const { workplace } = openCase();
    workplace.write(settings, text);
    expect(() => findRoots(workplace.places())).toThrow(message);
  };
  it("no YAML", () => check3("models: [", /^settings .*settings\.yaml: must be YAML, got "/));
  it("another key", () =>
    check3("model: [~/a]", /must be as in "models: .*got "the file: .*"model"/));
  it("one folder in place of a list", () => check3("models: ~/a", /got "models: /));
  it("a number in the list", () => check3("models: [~/a, 7]", /got "models\.1: /));
  it("a relative folder", () => check3("models: [sd]", /must list absolute paths.*, got "sd";/));
  it("aliases without end", () => check3("models: *x", /settings\.yaml: must be YAML, got "/));
  it("an empty file and an empty list are none", () => {
    for (const text of ["", "# nothing", "models:", "models: []"]) {
      const { workplace } = openCase();
      workplace.write(settings, text);
      expect(findRoots(workplace.places())).toEqual({ roots: [], notes: [] });
    }
  });
});
