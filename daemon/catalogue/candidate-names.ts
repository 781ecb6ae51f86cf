// What a recipe calls a model of the catalogue: an id, or the end of its path.
import { basename, sep } from "node:path";
import { type Candidate, distinct } from "./find-candidates.ts";

/** Each model once that `text` can mean: by id, by file name with or without its ending, or by more of the end of the path. */
export function candidatesNamed(
  text: string,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const end = `/${text.replaceAll("\\", "/")}`;
  const named = candidates.filter(({ id, path }) => {
    if (id !== null) return id === text;
    const whole = path.split(sep).join("/");
    return whole.endsWith(end) || withoutEnding(whole).endsWith(end);
  });
  // A pickle beside the safetensors of the same name is another copy, which nobody means.
  const usable = named.filter(({ kind }) => kind !== "pickle");
  return distinct(usable.length > 0 ? usable : named);
}

/** "a/b.safetensors" → "a/b". */
export function withoutEnding(name: string): string {
  return name.replace(/\.(safetensors|ckpt)$/i, "");
}

/** What to write for each: its id, or as much of the end of its path as no other model shares. */
export function namesOf(candidates: readonly Candidate[]): ReadonlyMap<Candidate, string> {
  const usable = candidates.filter(({ kind }) => kind !== "pickle");
  const owners = new Map<string, Set<string>>();
  for (const { id, path, realPath } of usable)
    for (const end of id === null ? endsOf(path).map(withoutEnding) : [id])
      owners.set(end, (owners.get(end) ?? new Set()).add(realPath));
  const nameOf = ({ id, path, kind }: Candidate): string => {
    if (kind === "pickle") return basename(path);
    return id ?? endsOf(path).find((end) => owners.get(withoutEnding(end))?.size === 1) ?? path;
  };
  return new Map(candidates.map((one) => [one, nameOf(one)]));
}

/** "/a/b/c" → "c", "b/c", "a/b/c". */
function endsOf(path: string): readonly string[] {
  const parts = path.split(sep).filter(Boolean);
  return parts.map((_, index) => parts.slice(-index - 1).join("/"));
}
