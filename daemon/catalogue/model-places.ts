// Where models can be on this machine, from the environment alone. Looks at no disk.
import { isAbsolute, join } from "node:path";
import { expandPath, type Surroundings } from "./surroundings.ts";

export interface ModelPlaces {
  /** Folder whose folders are the built-in models. */
  readonly builtIn: string;
  /** Folder of the vocabularies that come with the program, for models that hold none. */
  readonly words: string;
  /** Folder of the Hugging Face hub's cache. */
  readonly hub: string;
  /** File in which the user lists folders of models. */
  readonly settings: string;
  /** Folders that FRECAS_MODELS lists. */
  readonly listed: readonly string[];
  /** Where other programs usually are; looked into where they exist. */
  readonly usual: readonly string[];
  readonly surroundings: Surroundings;
}

/** The variable that lists folders of models, as PATH lists folders of programs. */
export const modelsVariable = "FRECAS_MODELS";

/** `root` is the folder of the program's package. */
export function modelPlaces(root: string, surroundings: Surroundings): ModelPlaces {
  const { env, home, cwd, platform } = surroundings;
  const listed = (env[modelsVariable] ?? "").split(platform === "win32" ? ";" : ":");
  return {
    builtIn: join(root, "media/models"),
    words: join(root, "media"),
    hub: hubFolder(surroundings),
    settings: join(configFolder(surroundings), "frecas", "settings.yaml"),
    listed: listed.filter(Boolean).map((folder) => expandPath(folder, surroundings, cwd)),
    usual: ["ComfyUI", "stable-diffusion-webui", "stable-diffusion-webui-forge"].map((name) =>
      join(home, name),
    ),
    surroundings,
  };
}

/** As huggingface_hub finds it (src/huggingface_hub/constants.py). */
function hubFolder(surroundings: Surroundings): string {
  const { env, cache, cwd } = surroundings;
  const given = env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
  const home = env["HF_HOME"] || join(cache, "huggingface");
  return expandPath(given || join(home, "hub"), surroundings, cwd);
}

/** %APPDATA% on Windows; else $XDG_CONFIG_HOME where it is an absolute path, as its specification says, or ~/.config. */
function configFolder({ env, home, platform }: Surroundings): string {
  const given = (platform === "win32" ? env["APPDATA"] : env["XDG_CONFIG_HOME"]) ?? "";
  if (isAbsolute(given)) return given;
  return join(home, platform === "win32" ? "AppData/Roaming" : ".config");
}
